// Every word of the page in English, one file a feature.
import { first } from './first.ts';
import { rest } from './rest.ts';

export const en = { ...first, ...rest };

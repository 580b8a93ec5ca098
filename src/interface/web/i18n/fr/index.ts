// Every word of the page in French, one file a feature.
import { first } from './first.ts';
import { rest } from './rest.ts';

export const fr = { ...first, ...rest };

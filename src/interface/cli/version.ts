// The version, read from package.json, which lies two folders above dist/ and above src/ alike.
import { readFileSync } from 'node:fs';

const { version: stated } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { version: string };
export const version: string = stated;

// What a call of a tool does, in words that a person can say yes or no to; and the one argument that tells calls apart.
import { useTranslation } from 'react-i18next';
import { useFormat } from './format.ts';
import { isObject } from './json-schema.ts';

const told = {
  write_file: ['path', 'content'],
  append_file: ['path', 'content'],
  delete_file: ['path', null],
  read_file: ['path', null],
  web_fetch: ['url', null],
  run_javascript: [null, 'code'],
} as const;
type Told = keyof typeof told;

const textOf = (input: unknown, name: string | null): string | null =>
  name !== null && isObject(input) && typeof input[name] === 'string' ? input[name] : null;

/** "It will write 1,204 characters to the file notes.md of this run." */
export function useActText(): (call: { toolName: string; title: string; input: unknown }) => string {
  const { t } = useTranslation('run');
  const format = useFormat();
  return ({ toolName, title, input }) => {
    if (toolName in told) {
      const name = toolName as Told;
      const [where, what] = told[name];
      const place = textOf(input, where);
      const content = textOf(input, what);
      if ((where === null || place !== null) && (what === null || content !== null))
        return t(`approval.act.${name}`, {
          path: place ?? '',
          url: place ?? '',
          size: t('approval.characters', {
            count: content?.length ?? 0,
            n: format.whole(content?.length ?? 0),
          }),
        });
    }
    return t('approval.act.other', { title });
  };
}

const LONGEST = 72;

/** The first text among the arguments, on one line; empty when there is none. */
export function callSummary(input: unknown): string {
  if (!isObject(input)) return '';
  const first = ['path', 'url', 'query', 'expression', 'name'].find(
    (name) => typeof input[name] === 'string',
  );
  const value = first ? input[first] : Object.values(input).find((one) => typeof one === 'string');
  const text = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

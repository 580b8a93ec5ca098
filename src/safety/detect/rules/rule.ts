// One rule: a form that is looked for, and a test that tells it from what merely looks like it.
import type { Finding } from '../../../contracts/dataset.ts';

export type Found = Omit<Finding, 'field'>;

export interface Rule {
  type: string;
  /** For people who want to know what it goes by. */
  how: string;
  find(text: string): Found[];
}

/** @param check null: it is none; else whether it is certain, and where it ends when the form took too much */
export function rule(
  type: string,
  how: string,
  form: RegExp,
  check: (
    match: string,
    around: { before: string; after: string },
  ) => { certain: boolean; length?: number } | null,
): Rule {
  return {
    type,
    how,
    find(text) {
      const found: Found[] = [];
      form.lastIndex = 0;
      for (const match of text.matchAll(form)) {
        const start = match.index;
        const whole = match[0];
        const around = {
          before: text.slice(Math.max(0, start - 40), start),
          after: text.slice(start + whole.length, start + whole.length + 20),
        };
        const passed = check(whole, around);
        if (passed === null) continue;
        const end = start + (passed.length ?? whole.length);
        found.push({ type, start, end, text: text.slice(start, end), certain: passed.certain });
      }
      return found;
    },
  };
}

// Personal data and secrets in texts: what is looked for, how, and what that cannot find. Rules find what has a form or a
// check digit; names have neither, and a model looks for them when somebody asks (names/).
import type { Detector } from '../../contracts/dataset.ts';
import { createBreather } from '../../lib/breathe.ts';
import { addressRules } from './rules/addresses.ts';
import { birthDateRule } from './rules/birth-dates.ts';
import { numberRules } from './rules/numbers.ts';
import { phoneRule } from './rules/phone.ts';
import { postalRule } from './rules/postal.ts';
import type { Found, Rule } from './rules/rule.ts';
import { secretRule } from './rules/secrets.ts';
import { withoutOverlaps } from './without-overlaps.ts';

export interface Detection {
  detectors(): Detector[];
  /** For each text what stands in it, in order and without overlaps. Indices count UTF-16 units. */
  find(texts: readonly string[]): Promise<Found[][]>;
}

const rules: readonly Rule[] = [
  ...addressRules,
  ...numberRules,
  phoneRule,
  secretRule,
  postalRule,
  birthDateRule,
];

/** What the rules find in a text. */
export const findByRules = (text: string): Found[] =>
  withoutOverlaps(rules.flatMap((rule) => rule.find(text)));

export function createDetection(): Detection {
  return {
    detectors: () => [
      ...rules.map(({ type, how }) => ({ type, how, finds: true })),
      {
        type: 'person',
        how: 'never by rule: a model of this machine looks for names when somebody asks, a dataset at a time',
        finds: false,
      },
    ],
    async find(texts) {
      const breathe = createBreather();
      const all: Found[][] = [];
      for (const text of texts) {
        await breathe();
        all.push(findByRules(text));
      }
      return all;
    },
  };
}

// Personal data and secrets in texts: what is looked for, how, and what that cannot find. Rules find what has a form or a
// check digit; names have neither and are found only where a model that reads names is at hand.
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

/** Finds names of people in texts: a model, where there is one. */
export interface NameFinder {
  /** In words, such as "multilingual NER model". */
  how: string;
  find(texts: readonly string[]): Promise<{ start: number; end: number }[][]>;
}

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

export function createDetection({ names }: { names?: NameFinder } = {}): Detection {
  return {
    detectors: () => [
      ...rules.map(({ type, how }) => ({ type, how, finds: true })),
      {
        type: 'person',
        how:
          names?.how ??
          'never by rule: a model of this machine looks for names when somebody asks, a dataset at a time',
        finds: names !== undefined,
      },
    ],
    async find(texts) {
      const people = names === undefined ? [] : await names.find(texts);
      const breathe = createBreather();
      const all: Found[][] = [];
      for (const [index, text] of texts.entries()) {
        await breathe();
        const named = (people[index] ?? []).map(({ start, end }) => ({
          type: 'person',
          start,
          end,
          text: text.slice(start, end),
          certain: false,
        }));
        all.push(withoutOverlaps([...rules.flatMap((rule) => rule.find(text)), ...named]));
      }
      return all;
    },
  };
}

// What the check of rules promises: one finding a rule, verbatim quotes, and only for what is broken.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApps, type TestApps } from '../../../test/open-apps.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import type { Decision } from '../../contracts/app.ts';
import { localIdentity } from '../../contracts/identity.ts';
import { sentencesOf } from '../parts/sentences.ts';

let opened: TestStore;
let on: TestApps;
beforeAll(async () => {
  opened = await openTestStore();
  // Stands for a model that finds exclamation marks, and the sentence of the highest number.
  const decide = async (input: {
    instructions: string;
    input: string;
    question: { type: string; options?: { label: string }[] };
  }): Promise<Decision> => {
    const isVerdict = input.question.options?.[0]?.label === 'respected';
    const numbered = /\[(\d+)\] [^\n]*!/.exec(input.input)?.[1] ?? '1';
    const value = !isVerdict
      ? numbered
      : !input.input.includes('do not shout')
        ? 'not applicable'
        : input.input.includes('!')
          ? 'broken'
          : 'respected';
    return {
      value,
      probability: 0.8,
      probabilities: { [value]: 0.8 },
      expected: null,
      method: 'logprobs',
      model: 'scripted/script',
      traceId: '0'.repeat(32),
      spanId: '0'.repeat(16),
    };
  };
  on = openApps(opened.store, {
    decider: { decide, weigh: async () => null },
    scripted: { contextLength: 1500 },
  });
});
afterAll(async () => {
  await on.close();
  await opened.dispose();
});

const check = async (text: string, rules: string[]) => {
  const { output } = await on.apps.invoke(
    localIdentity,
    'guidelines',
    { text, rules },
    { model: 'scripted/echo', source: 'api' },
  );
  return output as {
    broken: number;
    findings: {
      verdict: string;
      quote: { text: string; start: number; end: number } | null;
      suggestion: string | null;
    }[];
  };
};

test('a broken rule is quoted from the text and gets a suggestion; the others do not', async () => {
  const text = 'Bonjour Madame.\n- Payez vite !\n\nMerci. Au revoir';
  const { broken, findings } = await check(text, ['do not shout', 'name the date']);
  expect(broken).toBe(1);
  expect(findings.map(({ verdict }) => verdict)).toEqual(['broken', 'not applicable']);
  const [first, second] = findings;
  expect(first?.quote?.text).toBe('- Payez vite !');
  expect(text.slice(first?.quote?.start, first?.quote?.end)).toBe(first?.quote?.text);
  expect(first?.suggestion).not.toBeNull();
  expect(second).toMatchObject({ quote: null, suggestion: null });
});

test('in a text beyond the context the part that breaks it is found', async () => {
  const calm = 'Une phrase tranquille de plus. '.repeat(400);
  const text = `${calm}Payez vite ! ${calm}`;
  const { findings } = await check(text, ['do not shout']);
  expect(findings[0]?.verdict).toBe('broken');
  expect(findings[0]?.quote).toMatchObject({ text: 'Payez vite !', start: calm.length });
});

test('sentences keep their places, and lines count', () => {
  const text = '  Un. Deux ?\n- trois\n\n***\n“Quatre.” Fin';
  const found = sentencesOf(text);
  expect(found.map((sentence) => sentence.text)).toEqual(['Un.', 'Deux ?', '- trois', '“Quatre.”', 'Fin']);
  for (const { text: words, start, end } of found) expect(text.slice(start, end)).toBe(words);
});

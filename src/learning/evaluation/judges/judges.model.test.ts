// Judges that read a model's own probabilities, with a real one: stories260K, which lies beside the tests.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalModels, openLocalModels } from '../../../../test/open-local-models.ts';
import type { ExampleBody } from '../../../contracts/dataset.ts';
import { localIdentity } from '../../../contracts/identity.ts';
import { createDecider } from '../../../models/decide/create-decider.ts';
import type { CallContext } from '../../../models/model-call.ts';
import { questionOf } from '../question.ts';
import { judgeChoice } from './choice.ts';
import { judgePreference } from './preference.ts';

const path = fileURLToPath(
  new URL('../../../../test/fixtures/stories260K/stories260K.f32.gguf', import.meta.url),
);
const model = 'local/stories';
const context: CallContext = { identity: localIdentity, source: 'job' };
const never = new AbortController().signal;
const question = (body: ExampleBody) => questionOf({ id: 'e', hash: '', split: 'test', body });

let on: LocalModels;
beforeAll(async () => {
  on = await openLocalModels([{ id: 'stories', path, kind: 'chat' }]);
});
afterAll(() => on.close());

const ASKED = 'Tell me a story.';
const prefer = (chosen: string, rejected: string) => {
  const messages = [{ role: 'user' as const, content: ASKED }];
  const pair = question({ kind: 'preference', messages, chosen, rejected });
  return judgePreference(
    { gateway: on.gateway, model, messages: pair.messages, question: pair },
    context,
    never,
  );
};

test('the likelier of two answers is found, whichever stands first, however long they are', async () => {
  const good = 'Once upon a time, there was a little girl named Lily.';
  const bad = 'Quarterly xylophone tax yields 77 % zinc.';
  const right = await prefer(good, bad);
  expect(right).toMatchObject({ score: 1, output: good });
  const wrong = await prefer(bad, good);
  expect(wrong).toMatchObject({ score: 0, output: good });
  expect(wrong.detail.margin).toBeCloseTo(-Number(right.detail.margin), 2);
  const much = await prefer(`${good} She liked to play in the park with her friends.`, bad);
  expect(much.score).toBe(1);
  expect(much.detail.chosenTokens).toBeGreaterThan(Number(right.detail.chosenTokens));
});

test('each token of an answer has what it has when the model writes it', async () => {
  const written = await on.gateway.generate(
    model,
    {
      prompt: [{ role: 'user', content: [{ type: 'text', text: ASKED }] }],
      temperature: 0,
      maxOutputTokens: 12,
      providerOptions: { atelier: { logprobs: true } },
    },
    context,
  );
  const text = written.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const logprobs = written.providerMetadata?.atelier?.logprobs as unknown as { logprob: number }[];
  const mean = logprobs.reduce((sum, { logprob }) => sum + logprob, 0) / logprobs.length;
  const { detail } = await prefer(text, 'x');
  expect(detail.chosenTokens).toBe(logprobs.length);
  expect(detail.chosen).toBeCloseTo(mean, 3);
});

test('a label is chosen by its probabilities, with the decision’s words and with those of a prompt', async () => {
  const decider = createDecider({ ...on, codes: 'labels' });
  const labels = ['happy', 'sad', 'zinc'];
  const example = question({ kind: 'labels', text: 'Lily was very happy.', label: 'happy' });
  const asked = { decider, model, labels, question: example };
  for (const messages of [null, [{ role: 'user' as const, text: 'Lily smiled. She was very' }]]) {
    const judged = await judgeChoice({ ...asked, messages }, context, never);
    const { probabilities, found } = judged.detail as {
      probabilities: Record<string, number>;
      found: string;
    };
    expect(Object.values(probabilities).reduce((all, one) => all + one, 0)).toBeCloseTo(1, 6);
    expect(probabilities[found]).toBe(Math.max(...Object.values(probabilities)));
    expect(judged.output).toBe(found);
    expect(judged.score).toBe(found === 'happy' ? 1 : 0);
  }
});

// The completions wire as tables, against the scripted model.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../../test/create-test-app.ts';

const model = 'scripted/script';
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

interface Choice {
  index: number;
  text: string;
  finish_reason: string | null;
  logprobs: {
    tokens: string[];
    token_logprobs: (number | null)[];
    top_logprobs: (Record<string, number> | null)[];
    text_offset: number[];
  } | null;
}

async function complete(body: object) {
  const response = await app.send('/v1/completions', { model, ...body });
  return { status: response.status, headers: response.headers, body: await response.json() };
}
const choicesOf = async (body: object) => (await complete(body)).body.choices as Choice[];

describe('answers', () => {
  test('text in, text out, and the trace of it', async () => {
    const { status, headers, body } = await complete({ prompt: '#text One two three' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: 'text_completion',
      model,
      choices: [{ index: 0, text: 'One two three', logprobs: null, finish_reason: 'stop' }],
      usage: { completion_tokens: 3 },
    });
    expect(body.id).toMatch(/^cmpl_/);
    expect(headers.get('x-atelier-model')).toBe(model);
    await app.services.ledger.flush();
    const trace = await app.services.ledger.getTrace(headers.get('x-atelier-trace-id') ?? '', null);
    expect(trace.summary).toMatchObject({ status: 'ok', source: 'api', model });
    expect(trace.summary.usage.output).toBe(3);
  });

  test('sixteen tokens are written when nobody says how much', async () => {
    const [choice] = await choicesOf({ prompt: '#words 100' });
    expect(choice).toMatchObject({ finish_reason: 'length' });
    expect(choice?.text.split(' ')).toHaveLength(16);
  });

  test('several prompts with several choices stand in order, each prompt counted once', async () => {
    const prompt = ['#text A a', '#text B b'];
    const { body, headers } = await complete({ prompt, n: 2 });
    expect(body.choices.map(({ index, text }: Choice) => [index, text])).toEqual([
      [0, 'A a'],
      [1, 'A a'],
      [2, 'B b'],
      [3, 'B b'],
    ]);
    const one = await complete({ prompt: prompt[0] });
    expect(body.usage.prompt_tokens).toBe(2 * one.body.usage.prompt_tokens);
    expect(body.usage.completion_tokens).toBe(8);
    await app.services.ledger.flush();
    const trace = await app.services.ledger.getTrace(headers.get('x-atelier-trace-id') ?? '', null);
    expect(trace.spans.filter((span) => span.kind === 'model')).toHaveLength(4);
  });

  test('stop ends the text before it', async () => {
    expect(await choicesOf({ prompt: '#text One two three', stop: ' two' })).toMatchObject([
      { text: 'One', finish_reason: 'stop' },
    ]);
  });
});

describe('echo and log-probabilities', () => {
  test('echo alone puts the prompt before the answer', async () => {
    const prompt = '#text Yes';
    expect(await choicesOf({ prompt, echo: true })).toMatchObject([{ text: `${prompt}Yes`, logprobs: null }]);
    expect(await choicesOf({ prompt, echo: true, max_tokens: 0 })).toMatchObject([
      { text: prompt, finish_reason: 'length' },
    ]);
  });

  test('a prompt is scored as evaluation harnesses ask for it', async () => {
    const prompt = '#text Ça va';
    const [choice] = await choicesOf({ prompt, echo: true, logprobs: 1, max_tokens: 1, temperature: 0 });
    expect(choice?.text).toBe('#text Ça vaÇa');
    const { tokens, token_logprobs, top_logprobs, text_offset } = choice!.logprobs!;
    expect(tokens).toEqual(['#text', ' Ça', ' va', 'Ça']);
    expect(text_offset).toEqual([0, 5, 8, 11]);
    expect(token_logprobs[0]).toBeNull();
    expect(top_logprobs[0]).toBeNull();
    for (const [i, logprob] of token_logprobs.slice(1).entries()) {
      expect(logprob).toBeCloseTo(Math.log(0.9), 6);
      // What was likeliest is the best of its row: by this a harness tells whether the text was foreseen.
      expect(Math.max(...Object.values(top_logprobs[i + 1]!))).toBe(logprob);
    }
  });

  test('the answer alone is scored without echo', async () => {
    const [choice] = await choicesOf({ prompt: '#text Yes indeed', logprobs: 3 });
    expect(choice?.logprobs?.tokens).toEqual(['Yes', ' indeed']);
    expect(choice?.logprobs?.text_offset).toEqual([0, 3]);
    expect(Object.keys(choice?.logprobs?.top_logprobs[0] ?? {})).toHaveLength(3);
  });
});

async function streamed(body: object) {
  const response = await app.send('/v1/completions', { model, stream: true, ...body });
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '');
  expect(lines.at(-1)).toBe('data: [DONE]');
  return lines.slice(0, -1).map((line) => JSON.parse(line.replace(/^data: /, '')));
}

test('a stream has the same parts, and its usage last when asked', async () => {
  const body = { prompt: '#text Yes indeed', echo: true, logprobs: 1 };
  const chunks = await streamed({ ...body, stream_options: { include_usage: true } });
  const whole = await complete(body);
  const pieces: Choice[] = chunks.flatMap((chunk) => chunk.choices);
  const join = <T>(of: (piece: Choice) => T[] | undefined) => pieces.flatMap((piece) => of(piece) ?? []);
  expect(join((piece) => [piece.text]).join('')).toBe(whole.body.choices[0].text);
  expect(join((piece) => piece.logprobs?.tokens)).toEqual(whole.body.choices[0].logprobs.tokens);
  expect(join((piece) => piece.logprobs?.text_offset)).toEqual(whole.body.choices[0].logprobs.text_offset);
  expect(pieces.filter((piece) => piece.finish_reason !== null)).toHaveLength(1);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.body.usage });
  expect((await streamed(body)).every((chunk) => !('usage' in chunk))).toBe(true);
});

test.each([
  [{ prompt: [1, 2, 3] }, 'prompt', /takes text and no token numbers/],
  [{ prompt: [[1], [2]] }, 'prompt', /takes text/],
  [{ prompt: 'x', suffix: 'y' }, 'suffix', /fills in/],
  [{ prompt: 'x', n: 2, best_of: 3 }, 'best_of', /3 is more than n \(2\)/],
  [{ prompt: Array(65).fill('x'), n: 2 }, 'prompt', /more than 128/],
  [{ prompt: 'x', logprobs: 21 }, 'logprobs', /logprobs/],
  [{ prompt: [] }, 'prompt', /prompt/],
  [{ prompt: 'x', max_tokens: -1 }, 'max_tokens', /max_tokens/],
  [{}, 'prompt', /prompt/],
])('%j is refused, and says which field', async (body, param, message) => {
  const answer = await complete(body);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatchObject({ type: 'invalid_request_error', param });
  expect(answer.body.error.message).toMatch(message);
});

test('an unknown model, and a failure in the middle of a stream', async () => {
  expect((await complete({ model: 'nobody/none', prompt: 'x' })).body.error.code).toBe('model_not_found');
  const response = await app.send('/v1/completions', {
    model,
    stream: true,
    prompt: '#text Half of\n#error-mid 502 The wire was cut',
  });
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '');
  expect(JSON.parse(lines.at(-1)?.replace(/^data: /, '') ?? '')).toMatchObject({
    error: { message: 'The wire was cut', type: 'server_error' },
  });
});

// A client in a process of its own: opens so many streams at once on an OpenAI endpoint and prints what it saw, as JSON.
import OpenAI from 'openai';

interface Load {
  url: string;
  model: string;
  streams: number;
  tokens: number;
  /** Token ids that must not be written, so that every stream writes all its tokens. */
  banned: number[];
  prompt: string;
  /** Earlier messages of the conversation. */
  history?: { role: 'user' | 'assistant'; content: string }[];
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const client = new OpenAI({ baseURL: `${load.url}/v1`, apiKey: 'bench', maxRetries: 0, timeout: 600_000 });

async function stream(index: number): Promise<{ tokens: number; firstMs: number; text: string }> {
  const started = performance.now();
  const answer = await client.chat.completions.create({
    model: load.model,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: load.tokens,
    temperature: 0,
    logit_bias: Object.fromEntries(load.banned.map((id) => [String(id), -100])),
    messages: [
      ...(load.history ?? []),
      { role: 'user', content: load.streams > 1 ? `${load.prompt} (${index + 1})` : load.prompt },
    ],
  });
  let firstMs = 0;
  let tokens = 0;
  let text = '';
  for await (const chunk of answer) {
    const delta = chunk.choices[0]?.delta.content ?? '';
    if (delta !== '' && firstMs === 0) firstMs = performance.now() - started;
    text += delta;
    tokens = chunk.usage?.completion_tokens ?? tokens;
  }
  return { tokens, firstMs, text };
}

const started = performance.now();
const results = await Promise.all(Array.from({ length: load.streams }, (_, index) => stream(index)));
const seconds = (performance.now() - started) / 1000;
const tokens = results.reduce((sum, result) => sum + result.tokens, 0);
process.stdout.write(
  JSON.stringify({
    tokens,
    seconds,
    perSecond: tokens / seconds,
    firstMs: results[0]?.firstMs ?? 0,
    text: results[0]?.text ?? '',
  }),
);

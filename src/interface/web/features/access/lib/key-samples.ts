// How the clients that people have are pointed at this Atelier with a key: one address, changed in one place.
import type { CodeSample } from '../../../components/code-samples.tsx';

export function keySamples(origin: string, secret: string): CodeSample[] {
  return [
    {
      label: 'OpenAI SDK',
      language: 'JavaScript',
      code: `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${origin}/v1',
  apiKey: '${secret}',
});
const answer = await client.chat.completions.create({
  model: 'default',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.choices[0].message.content);`,
    },
    {
      label: 'Claude Code',
      language: 'sh',
      code: `export ANTHROPIC_BASE_URL='${origin}'
export ANTHROPIC_API_KEY='${secret}'
claude --model default`,
    },
    {
      label: 'Ollama',
      language: 'JavaScript',
      code: `import { Ollama } from 'ollama';

const ollama = new Ollama({
  host: '${origin}',
  headers: { Authorization: 'Bearer ${secret}' },
});
const answer = await ollama.chat({
  model: 'default',
  messages: [{ role: 'user', content: 'Hello' }],
});
console.log(answer.message.content);`,
    },
    {
      label: 'curl',
      language: 'sh',
      code: `curl '${origin}/v1/chat/completions' \\
  -H 'authorization: Bearer ${secret}' \\
  -H 'content-type: application/json' \\
  -d '{"model": "default", "messages": [{"role": "user", "content": "Hello"}]}'`,
    },
  ];
}

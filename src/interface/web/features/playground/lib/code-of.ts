// A column as code: the same call with curl, and with OpenAI's client in TypeScript and Python.
import type { Parameters } from '../../../../../contracts/model.ts';
import type { PromptMessage } from '../../../../../contracts/prompt.ts';
import type { CodeSample } from '../../../components/code-samples.tsx';
import { wireParameters } from '../../../lib/answers/wire-parameters.ts';
import { python, shellQuoted, typeScript } from '../../../lib/answers/write-code.ts';

export interface CodeOrder {
  model: string;
  messages: readonly PromptMessage[];
  parameters: Parameters;
  /** Alternatives of each token; null: none are asked for. */
  topLogprobs: number | null;
}

export function codeOf(order: CodeOrder, origin: string): CodeSample[] {
  const { own, more } = wireParameters(order.parameters);
  const messages = order.messages.map(({ role, text }) => ({ role, content: text }));
  const logprobs = order.topLogprobs === null ? {} : { logprobs: true, top_logprobs: order.topLogprobs };
  const call = { model: order.model, messages, ...own, ...logprobs };
  const foreign = Object.keys(more).length > 0;
  const arguments_ = Object.entries({ ...call, stream: true, ...(foreign ? { extra_body: more } : {}) })
    .map(([key, value]) => `    ${key}=${python(value, 4)},`)
    .join('\n');
  const extra = foreign
    ? `\n  // Not of OpenAI, and so not in its types.\n  ...(${typeScript(more, 2)} as object),`
    : '';
  const fields = Object.entries(call)
    .map(([key, value]) => `  ${key}: ${typeScript(value, 2)},`)
    .join('\n');
  return [
    {
      label: 'curl',
      language: 'sh',
      code: `curl ${origin}/v1/chat/completions \\
  -H "authorization: Bearer \${ATELIER_KEY:-any}" \\
  -H 'content-type: application/json' \\
  -d ${shellQuoted(JSON.stringify({ ...call, ...more }, null, 2))}`,
    },
    {
      label: 'TypeScript',
      language: 'TypeScript',
      code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: process.env.ATELIER_KEY ?? 'any' });
const stream = await client.chat.completions.create({
${fields}${extra}
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');`,
    },
    {
      label: 'Python',
      language: 'Python',
      code: `import os
from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ.get("ATELIER_KEY", "any"))
stream = client.chat.completions.create(
${arguments_}
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")`,
    },
  ];
}

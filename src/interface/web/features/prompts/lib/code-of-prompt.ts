// How a program uses a kept prompt: our own route, OpenAI's client, or only the messages.
import type { Prompt } from '../../../../../contracts/prompt.ts';
import type { CodeSample } from '../../../components/code-samples.tsx';
import { python, shellQuoted, typeScript } from '../../../lib/answers/write-code.ts';

export function codeOfPrompt(
  { name, latest }: Pick<Prompt, 'name'> & { latest: { variables: readonly string[]; model: string | null } },
  values: Readonly<Record<string, string>>,
  origin: string,
): CodeSample[] {
  const variables = Object.fromEntries(latest.variables.map((one) => [one, values[one] ?? '…']));
  const model = latest.model ?? 'default';
  const prompt = { id: name, variables };
  return [
    {
      label: 'curl',
      language: 'sh',
      code: `curl ${origin}/atelier/v1/prompts/${name}/run \\
  -H "authorization: Bearer \${ATELIER_KEY:-any}" \\
  -H 'content-type: application/json' \\
  -d ${shellQuoted(JSON.stringify({ variables }, null, 2))}`,
    },
    {
      label: 'TypeScript',
      language: 'TypeScript',
      code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: process.env.ATELIER_KEY ?? 'any' });
const response = await client.responses.create({
  model: ${JSON.stringify(model)},
  prompt: ${typeScript(prompt, 2)},
});
console.log(response.output_text);`,
    },
    {
      label: 'Python',
      language: 'Python',
      code: `import os
from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ.get("ATELIER_KEY", "any"))
response = client.responses.create(
    model=${JSON.stringify(model)},
    prompt=${python(prompt, 4)},
)
print(response.output_text)`,
    },
  ];
}

// How a program uses an app: the LangServe wire, the OpenAI wire, our own, and the command line.
import type { CodeSample } from '../../../components/code-samples.tsx';

const indented = (value: unknown, by: string): string =>
  JSON.stringify(value ?? {}, null, 2).replaceAll('\n', `\n${by}`);

export function appSamples(name: string, example: unknown, origin: string): CodeSample[] {
  const shell = JSON.stringify({ input: example ?? {} }).replaceAll("'", `'\\''`);
  return [
    {
      label: 'LangChain',
      language: 'JavaScript',
      code: `import { RemoteRunnable } from '@langchain/core/runnables/remote';

const app = new RemoteRunnable({ url: '${origin}/serve/apps/${name}' });
const output = await app.invoke(${indented(example, '')});
console.log(output);`,
    },
    {
      label: 'OpenAI',
      language: 'JavaScript',
      code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: 'any' });
const answer = await client.chat.completions.create({
  model: 'apps/${name}',
  messages: [{ role: 'user', content: ${JSON.stringify(JSON.stringify(example ?? {}))} }],
});
console.log(answer.choices[0].message.content);`,
    },
    {
      label: 'curl',
      language: 'sh',
      code: `curl ${origin}/atelier/v1/apps/${name}/invoke \\
  -H 'content-type: application/json' \\
  -d '${shell}'`,
    },
  ];
}

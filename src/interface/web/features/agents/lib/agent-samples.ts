// How a program uses an agent: the LangServe wire, the OpenAI wire, and a bare request.
import type { Agent } from '../../../../../contracts/agent.ts';
import type { CodeSample } from '../../../components/code-samples.tsx';

export function agentSamples(agent: Pick<Agent, 'name'>, origin: string): CodeSample[] {
  return [
    {
      label: 'LangChain',
      language: 'JavaScript',
      code: `import { RemoteRunnable } from '@langchain/core/runnables/remote';

const agent = new RemoteRunnable({ url: '${origin}/serve/agents/${agent.name}' });
const answer = await agent.invoke('What is 17 % of 2,340?');
console.log(answer);`,
    },
    {
      label: 'OpenAI',
      language: 'JavaScript',
      code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: 'any' });
const stream = await client.chat.completions.create({
  model: 'agents/${agent.name}',
  messages: [{ role: 'user', content: 'What is 17 % of 2,340?' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');`,
    },
    {
      label: 'curl',
      language: 'sh',
      code: `curl ${origin}/serve/agents/${agent.name}/invoke \\
  -H 'content-type: application/json' \\
  -d '{"input": "What is 17 % of 2,340?"}'`,
    },
  ];
}

// A LangChain client of a served agent: it computes with a tool, and the client sees the answer and the step.
import assert from 'node:assert/strict';
import { RemoteRunnable } from 'langchain-core-0-3/runnables/remote';

const url = process.env.ATELIER_URL ?? 'http://localhost:4242';
const model = process.env.ATELIER_MODEL ?? 'default';
// The scripted model follows orders instead of understanding; a real one is asked as a person would.
const question = model.startsWith('scripted/')
  ? '#tool calculator {"expression":"1234 * 5678"}\n#step\n#text It is 7006652.'
  : 'What is 1234 * 5678? Use the calculator.';

async function api(method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}/atelier/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}

const name = `example-${process.pid}`;
const agent = (await api('POST', '/agents', {
  name,
  title: 'Calculating agent',
  instructions: 'Compute with the calculator, then answer in one sentence.',
  model,
  tools: ['calculator'],
  planning: false,
})) as { id: string };

try {
  const remote = new RemoteRunnable<unknown, { content: string }, never>({
    url: `${url}/serve/agents/${name}`,
    options: { timeout: 300_000 },
  });

  const answer = await remote.invoke(question);
  console.log('answer:', answer.content);
  assert.match(answer.content.replaceAll(/[\s,.\u202f\u00a0]/g, ''), /7006652/);

  let text = '';
  for await (const chunk of await remote.stream({ messages: [{ type: 'human', content: question }] }))
    text += chunk.content;
  console.log('streamed:', text);
  assert.ok(text.length > 0);

  const steps: string[] = [];
  for await (const event of remote.streamEvents(question, { version: 'v2' } as never))
    if (event.event === 'on_tool_end') steps.push(`${event.name} gave ${JSON.stringify(event.data.output)}`);
  console.log('steps:', steps.join('; '));
  assert.ok(steps.some((step) => step.startsWith('calculator') && step.includes('7006652')));
} finally {
  await api('DELETE', `/agents/${agent.id}`);
}

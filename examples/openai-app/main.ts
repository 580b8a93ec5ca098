// An OpenAI client of an application: three sentences in, labels with probabilities out.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const url = process.env.ATELIER_URL ?? 'http://localhost:4242';
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'not-needed-on-this-machine' });

interface Sentiment {
  label: string;
  probability: number | null;
  probabilities: Record<string, number> | null;
}

const labels = ['positive', 'negative', 'neutral'];
const sentences = [
  'The staff were kind and the room was spotless.',
  'Le train avait deux heures de retard et personne ne nous a prévenus.',
  'The meeting is on Tuesday at ten.',
];

for (const text of sentences) {
  const answer = await client.chat.completions.create({
    model: 'apps/sentiment',
    messages: [{ role: 'user', content: text }],
  });
  const result = JSON.parse(answer.choices[0]?.message.content ?? '') as Sentiment;
  console.log(`${result.label} (${result.probability?.toFixed(2) ?? '?'}): ${text}`);
  assert.ok(labels.includes(result.label), `${result.label} is no label`);
  if (result.probabilities !== null) {
    const sum = Object.values(result.probabilities).reduce((total, share) => total + share, 0);
    assert.ok(Math.abs(sum - 1) < 1e-6, `the probabilities sum to ${sum}`);
    assert.equal(result.probability, Math.max(...Object.values(result.probabilities)));
  }
  assert.ok((answer.usage?.prompt_tokens ?? 0) > 0, 'the answer tells its usage');
}

const models = (await client.models.list()).data.map(({ id }) => id);
assert.ok(models.includes('apps/sentiment'), 'the application is in the list of models');

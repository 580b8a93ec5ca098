// Translation, summaries, sentiment and chat, as a person sees them, with a model that says what the test wants.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApps, parrot, type TestApps } from '../../test/open-apps.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { localIdentity } from '../contracts/identity.ts';
import { spanNotices } from '../contracts/span.ts';

let opened: TestStore;
let on: TestApps;
const model = parrot();
beforeAll(async () => {
  opened = await openTestStore();
  on = openApps(opened.store, { providers: [model.provider], scripted: { contextLength: 900 } });
});
afterAll(async () => {
  await on.close();
  await opened.dispose();
});

async function run(app: string, input: Record<string, unknown>, asked = model.id) {
  const notes: string[] = [];
  const steps: string[] = [];
  let text = '';
  let output: Record<string, unknown> = {};
  for await (const event of on.apps.stream(localIdentity, app, input, { model: asked, source: 'page' })) {
    if (event.type === 'note') notes.push(event.message);
    if (event.type === 'status') steps.push(event.step);
    if (event.type === 'text-delta') text += event.delta;
    if (event.type === 'output') output = event.output as Record<string, unknown>;
  }
  return { output, notes, steps, text };
}

describe('a translation', () => {
  test('keeps the document round what is translated, and finds the direction', async () => {
    model.say('Opening hours', 'Write to `a@b.fr` before 5 pm.');
    const { output, notes, text } = await run('translate', {
      text: '# Horaires\n\n```sh\nls\n```\n\n- Écrivez à `a@b.fr` avant 17 h.\n',
    });
    expect(output).toMatchObject({ from: 'fr', to: 'en', segments: 2, doubtful: [] });
    expect(output.translation).toBe(
      '# Opening hours\n\n```sh\nls\n```\n\n- Write to `a@b.fr` before 5 pm.\n',
    );
    expect(text).toBe(output.translation);
    expect(notes).toEqual([]);
  });

  test('asks again with placeholders, and names what is still wrong', async () => {
    model.say('Run it now.', 'Run {{1}} now.', 'He has 21 cats.', 'He has 210 cats.');
    const { output, notes } = await run('translate', {
      text: 'Lancez `npm start` maintenant.\n\nIl a 12 chats.',
    });
    expect(output.translation).toBe('Run `npm start` now.\n\nHe has 21 cats.');
    expect(JSON.stringify(model.asked[1]?.prompt)).toContain('Lancez {{1}} maintenant.');
    expect(output.doubtful).toMatchObject([
      { source: 'Il a 12 chats.', reasons: [expect.stringContaining('12'), expect.stringContaining('21')] },
    ]);
    expect(notes).toEqual([expect.stringMatching(/Il a 12 chats.*number 12 is missing/)]);
  });

  test('of a third language, or into the same one, is refused', async () => {
    const german = 'Der Hund und die Katze sind nicht im Haus, und das ist auch gut für den Garten.';
    await expect(run('translate', { text: german })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('German'),
    });
    await expect(run('translate', { text: 'Bonjour', from: 'fr', to: 'fr' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  test('of a segment with no answer keeps the original and says so', async () => {
    model.say('', '');
    const { output, notes } = await run('translate', { text: 'Le chat dort.' });
    expect(output.translation).toBe('Le chat dort.');
    expect(notes).toHaveLength(1);
  });
});

describe('a summary', () => {
  test('streams, in the language of the text', async () => {
    model.say('Un résumé.');
    const { output, text } = await run('summarise', {
      text: 'Le chat de la voisine dort sur le lit.',
      length: 'short',
    });
    expect(output).toEqual({ summary: 'Un résumé.', language: 'fr', words: 2, parts: 1 });
    expect(text).toBe('Un résumé.');
    expect(JSON.stringify(model.asked[0]?.prompt)).toContain('Résume le texte');
  });

  test('of a text beyond the context is made from all its parts, and says so', async () => {
    const sentences = Array.from(
      { length: 300 },
      (_, index) => `Phrase ${index} du texte avec quelques mots de plus.`,
    );
    const { output, notes, steps } = await run(
      'summarise',
      { text: sentences.join(' '), length: 'short' },
      'scripted/script',
    );
    expect(output.parts).toBeGreaterThan(3);
    expect(notes[0]).toContain(`read in ${output.parts} parts`);
    expect(steps.filter((step) => step === 'part')).toHaveLength(Number(output.parts));
    const { traces } = await on.ledger.listTraces({ limit: 1 }, null);
    const trace = await on.ledger.getTrace(traces[0]?.traceId ?? '', null);
    const read = JSON.stringify(
      trace.spans.filter(({ name }) => name === 'summarise part').map(({ input }) => input),
    );
    for (const index of [0, 1, 150, 298, 299]) expect(read).toContain(`Phrase ${index} du`);
  });

  test('whose instructions leave no room is refused with the figures', async () => {
    const labels = Array.from({ length: 60 }, (_, index) => ({
      label: `label ${index}`,
      description: 'des mots '.repeat(10),
    }));
    await expect(
      run('sentiment', { text: 'mot '.repeat(2000), labels }, 'scripted/script'),
    ).rejects.toMatchObject({
      code: 'context_overflow',
      data: { contextLength: 900 },
    });
  });
});

test('a long text is judged by its parts', async () => {
  const { output, notes } = await run(
    'sentiment',
    { text: 'Un beau jour à la mer. '.repeat(400) },
    'scripted/script',
  );
  expect(notes[0]).toMatch(/read in \d+ parts/);
  const { probabilities } = output as { probabilities: Record<string, number> };
  expect(Object.values(probabilities).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
});

test('the chat answers with what was said before, and says when it was cut', async () => {
  model.say('one two three four five');
  const { output, notes } = await run('chatbot', {
    message: 'And now?',
    history: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
    ],
    instructions: 'Be brief.',
    maxTokens: 2,
  });
  expect(output).toEqual({ answer: 'one two' });
  expect(notes).toEqual([expect.stringContaining('limit of 2 tokens')]);
  await on.ledger.flush();
  const [trace] = (await on.ledger.listTraces({ limit: 1 }, null)).traces;
  const { spans } = await on.ledger.getTrace(trace?.traceId ?? '', null);
  const said = spanNotices(spans.find(({ kind }) => kind === 'run')?.attributes ?? {});
  expect(said).toEqual([{ code: 'text_cut_at_limit', message: notes[0], data: { limit: 2 } }]);
  expect(model.asked[0]?.prompt.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
});

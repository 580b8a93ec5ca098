// Documents in two languages, taken in and found by meaning with the embedding model that Atelier fetches, in one trace.
// The model lies in ATELIER_TEST_MODELS, which `npm test` sets; without it this is skipped.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textDocuments } from '../../test/open-knowledge.ts';
import { type App, createApp } from '../app.ts';
import { readConfig } from '../config.ts';
import { passageText } from '../contracts/chunk.ts';
import { localIdentity as me } from '../contracts/identity.ts';
import { testModelPath } from '../models/local/testing/test-models.ts';

const path = testModelPath('multilingual-e5-small', 'multilingual-e5-small.gguf');

describe.skipIf(path === null)('multilingual-e5-small', () => {
  let dataDir: string;
  let app: App;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'atelier-knowledge-'));
    const config = readConfig({ data: dataDir, model: 'none', gpu: 'cpu' }, {});
    app = await createApp(config, { version: '0.0.0-test' });
    await app.start();
    await app.library.pull({ path: path ?? '' });
  });
  afterAll(async () => {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('documents are embedded in its tokens, and a question in the other language finds them', async () => {
    const { knowledge, jobs, ledger, embedder } = app;
    const { id } = await knowledge.createCollection(me, { name: 'Papers' });
    const { task } = await knowledge.add(
      me,
      id,
      textDocuments({
        'holidays.md': `# Paid leave\n\n${'Every employee has a right to two and a half working days of paid leave for each month of work. '.repeat(12)}`,
        'chats.md': '# Les chats\n\nLe chat dort seize heures par jour, surtout l’hiver.',
        'soup.md': '# Onion soup\n\nSlice the onions and let them brown slowly in butter.',
      }),
    );
    expect(await jobs.wait(task?.id ?? '')).toMatchObject({
      status: 'complete',
      result: { read: 3, withoutVectors: 0, embeddingUnavailable: null },
    });
    expect(await knowledge.getCollection(me, id)).toMatchObject({
      embeddingModel: 'local/multilingual-e5-small',
    });
    const search = async (query: string) =>
      knowledge.search(me, { collectionIds: [id], query, mode: 'vector', source: 'api' });
    const french = await search('Combien de jours de congés payés par mois ?');
    expect(french.hits[0]).toMatchObject({ path: 'holidays.md', scores: { lexical: null } });
    expect((await search('How long do cats sleep?')).hits[0]).toMatchObject({ path: 'chats.md' });

    const [first] = (await knowledge.listDocuments(me, id, { limit: 1 })).documents;
    for (const chunk of await knowledge.passages(me, first?.id ?? ''))
      expect(await embedder.countTokens([passageText(chunk)])).toEqual([chunk.tokens]);

    await ledger.flush();
    const trace = await ledger.getTrace(french.traceId, me.userId);
    expect(trace.spans.map(({ kind, parentId }) => [kind, parentId])).toEqual([
      ['retrieval', null],
      ['embedding', french.spanId],
    ]);
    const { traces } = await ledger.listTraces({ source: 'job', limit: 10 }, me.userId);
    const ingest = await ledger.getTrace(traces[0]?.traceId ?? '', me.userId);
    expect(ingest.spans.map(({ kind, input }) => [kind, input])).toEqual([
      ['job', null],
      ...ingest.spans.slice(1).map(() => ['embedding', null]),
    ]);
    expect(ingest.summary.usage.input).toBeGreaterThan(100);
  });

  test('a search stays quick while documents are read', async () => {
    const { knowledge, jobs } = app;
    const { id } = await knowledge.createCollection(me, { name: 'Busy' });
    const sentence = (n: number) =>
      `La phrase numéro ${n} de ce document parle de la pluie et du beau temps. `;
    const texts = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `${i}.txt`,
        Array.from({ length: 40 }, (_, j) => sentence(100 * i + j)).join(''),
      ]),
    );
    const { task } = await knowledge.add(me, id, textDocuments(texts));
    await expect
      .poll(async () => (await knowledge.getCollection(me, id)).documents.ready, { timeout: 60_000 })
      .toBeGreaterThan(1);
    const began = performance.now();
    const found = await knowledge.search(me, { collectionIds: [id], query: 'la pluie', source: 'api' });
    expect(found).toMatchObject({ mode: 'hybrid', notes: [expect.stringContaining('still being read')] });
    expect(performance.now() - began).toBeLessThan(5_000);
    await jobs.cancel(task?.id ?? '');
    expect(await knowledge.getCollection(me, id)).toMatchObject({ documents: { waiting: 0 } });
  });
});

// The files and vector-store wires with the official client: upload, create, batches, search with filters, deletion.
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../create-test-app.ts';

let app: TestApp;
let client: OpenAI;

beforeAll(async () => {
  app = await createTestApp();
  await app.jobs.start();
  client = new OpenAI({ baseURL: `${await app.url()}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => app.close());

const upload = (name: string, text: string) =>
  client.files.create({ file: new File([text], name), purpose: 'assistants' });
const poll = { pollIntervalMs: 50 };

test('a file is uploaded, listed, read back and deleted', async () => {
  const file = await upload('été.txt', 'Le chauffage est coupé en été.');
  expect(file).toMatchObject({ object: 'file', filename: 'été.txt', purpose: 'assistants', bytes: 33 });
  expect(await client.files.retrieve(file.id)).toMatchObject({ id: file.id, status: 'processed' });
  expect(await (await client.files.content(file.id)).text()).toBe('Le chauffage est coupé en été.');
  const listed: string[] = [];
  for await (const one of client.files.list({ limit: 1 })) listed.push(one.id);
  expect(listed).toContain(file.id);
  expect(await client.files.delete(file.id)).toMatchObject({ deleted: true });
  await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
});

test('a store takes files in, and what is found in them says from which', async () => {
  const lease = await upload('bail.md', '# Bail\n\nLe préavis est de six mois.');
  const store = await client.vectorStores.create({ name: 'Contrats', metadata: { team: 'legal' } });
  expect(store).toMatchObject({ object: 'vector_store', name: 'Contrats', metadata: { team: 'legal' } });
  const taken = await client.vectorStores.files.createAndPoll(
    store.id,
    { file_id: lease.id, attributes: { year: 2024, kind: 'lease' } },
    poll,
  );
  expect(taken).toMatchObject({ id: lease.id, status: 'completed', last_error: null });
  const second = await client.vectorStores.files.uploadAndPoll(
    store.id,
    new File(['# Salaires\n\nLe salaire est versé le 25 du mois.'], 'salaires.md'),
    poll,
  );
  expect(second.status).toBe('completed');
  expect(await client.vectorStores.retrieve(store.id)).toMatchObject({
    status: 'completed',
    file_counts: { total: 2, completed: 2, failed: 0 },
  });

  const found = await client.vectorStores.search(store.id, { query: 'durée du préavis' });
  expect(found.data[0]).toMatchObject({
    file_id: lease.id,
    filename: 'bail.md',
    attributes: { year: 2024, kind: 'lease' },
    content: [{ type: 'text' }],
  });
  expect(found.data[0]?.content[0]?.text).toContain('six mois');
  for (const { score } of found.data) {
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThan(1);
  }
  const filtered = await client.vectorStores.search(store.id, {
    query: 'préavis',
    filters: { type: 'eq', key: 'year', value: 2023 },
  });
  expect(filtered.data).toEqual([]);
  const both = await client.vectorStores.search(store.id, { query: ['préavis', 'salaire'] });
  expect(new Set(both.data.map(({ filename }) => filename))).toEqual(new Set(['bail.md', 'salaires.md']));

  expect((await client.vectorStores.files.content(lease.id, { vector_store_id: store.id })).data).toEqual([
    expect.objectContaining({ text: expect.stringContaining('six mois') }),
  ]);
  await client.vectorStores.files.update(lease.id, { vector_store_id: store.id, attributes: { year: 2023 } });
  expect(
    (
      await client.vectorStores.search(store.id, {
        query: 'préavis',
        filters: { type: 'gte', key: 'year', value: 2023 },
      })
    ).data,
  ).toHaveLength(1);

  await client.vectorStores.files.delete(lease.id, { vector_store_id: store.id });
  expect((await client.vectorStores.search(store.id, { query: 'préavis' })).data[0]?.filename).not.toBe(
    'bail.md',
  );
  // The file itself stays.
  expect(await client.files.retrieve(lease.id)).toMatchObject({ id: lease.id });
  expect(await client.vectorStores.delete(store.id)).toMatchObject({ deleted: true });
  await expect(client.vectorStores.retrieve(store.id)).rejects.toMatchObject({ status: 404 });
});

test('a batch counts what was read and what failed, each with its reason', async () => {
  const [good, bad] = await Promise.all([
    upload('a.txt', 'The printer stands on the second floor.'),
    upload('b.pdf', '%PDF-1.7\nnothing more'),
  ]);
  const store = await client.vectorStores.create({ name: 'Batch' });
  const batch = await client.vectorStores.fileBatches.createAndPoll(
    store.id,
    { file_ids: [good.id, bad.id] },
    poll,
  );
  expect(batch).toMatchObject({ status: 'completed', file_counts: { total: 2, completed: 1, failed: 1 } });
  const failed = await client.vectorStores.fileBatches.listFiles(batch.id, {
    vector_store_id: store.id,
    filter: 'failed',
  });
  expect(failed.data).toMatchObject([{ id: bad.id, last_error: { code: 'invalid_file' } }]);
  expect(failed.data[0]?.last_error?.message).toContain('b.pdf');
  const pages: string[] = [];
  for await (const file of client.vectorStores.files.list(store.id, { limit: 1, order: 'asc' }))
    pages.push(file.id);
  expect(new Set(pages)).toEqual(new Set([good.id, bad.id]));
});

test('a store that names a file which is not there is refused, and nothing is made', async () => {
  const before = (await client.vectorStores.list({ limit: 100 })).data.length;
  await expect(
    client.vectorStores.create({ name: 'Half', file_ids: ['file-missing'] }),
  ).rejects.toMatchObject({ status: 404 });
  expect((await client.vectorStores.list({ limit: 100 })).data).toHaveLength(before);
});

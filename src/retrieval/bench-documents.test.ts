// A folder of documents from many programs goes through the whole service (README-apps.md beside the benchmark data):
// each is read, and what it says stands in its passages, or is refused with its reason, and harms no other.
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openKnowledge, type TestKnowledge } from '../../test/open-knowledge.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { localIdentity as me } from '../contracts/identity.ts';
import type { KnowledgeDocument } from '../contracts/knowledge.ts';
import type { Task } from '../contracts/task.ts';
import type { NewDocument } from './knowledge.ts';

interface Expected {
  file: string;
  kind: string;
  should: 'parse' | 'refuse';
  contains: string[];
  needs_ocr?: boolean;
  password?: string;
}

const folder = join(process.env.ATELIER_BENCH_DATA ?? '', 'documents');
const list = join(folder, 'expected.jsonl');
const missing = process.env.ATELIER_BENCH_DATA === undefined || !existsSync(list);
const expected: Expected[] = missing
  ? []
  : readFileSync(list, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

/** Formats of before 2007: refused with the advice to save them anew. */
const old = new Set(['doc', 'xls', 'msg']);
const bare = (text: string) => text.normalize('NFC').replace(/\s+/g, '');

describe.skipIf(missing)('documents of the world (set ATELIER_BENCH_DATA to their folder)', () => {
  let opened: TestStore;
  let service: TestKnowledge;
  let task: Task;
  let documents: Record<string, KnowledgeDocument>;
  beforeAll(async () => {
    opened = await openTestStore();
    service = await openKnowledge(opened.store);
    const { id } = await service.knowledge.createCollection(me, { name: 'World' });
    async function* files(): AsyncGenerator<NewDocument> {
      for (const { file } of expected) yield { path: file, bytes: await readFile(join(folder, file)) };
    }
    const added = await service.knowledge.add(me, id, files());
    task = await service.jobs.wait(added.task?.id ?? '');
    documents = await service.documents(id);
  }, 180_000);
  afterAll(async () => {
    await service.close();
    await opened.dispose();
  });

  test('all of them are there, read or refused, and the indexes agree', async () => {
    expect(task).toMatchObject({ status: 'complete' });
    expect(Object.keys(documents).sort()).toEqual(expected.map(({ file }) => file).sort());
    expect(await service.knowledge.check({ repair: false })).toMatchObject({ faults: [] });
  });

  const read = expected.filter((one) => one.should === 'parse' && !one.needs_ocr && !old.has(one.kind));
  test.each(read)('$file is in its passages', async ({ file, contains }) => {
    const document = documents[file];
    expect(document).toMatchObject({ status: 'ready', error: null });
    const passages = await service.knowledge.passages(me, document?.id ?? '');
    const text = bare(passages.map(({ text, context }) => `${context}\n${text}`).join('\n'));
    // Words that a passage's end parts stand in the next one: the whole text is tested where it is parsed.
    const found = contains.filter((part) => text.includes(bare(part)));
    expect(found.length).toBeGreaterThanOrEqual(Math.ceil(contains.length * 0.8));
  });

  test.each(expected.filter((one) => one.should === 'refuse' || old.has(one.kind)))(
    '$file is refused',
    ({ file, kind, password }) => {
      const code = old.has(kind)
        ? 'document_unsupported'
        : password
          ? 'document_encrypted'
          : expect.stringMatching(/^document_/);
      expect(documents[file]).toMatchObject({ status: 'failed', error: { code }, passages: 0 });
    },
  );

  test.each(expected.filter((one) => one.needs_ocr))('$file is not read yet', ({ file, kind }) => {
    if (kind === 'image')
      expect(documents[file]).toMatchObject({ status: 'failed', error: { code: 'document_unsupported' } });
    else expect(documents[file]).toMatchObject({ status: 'ready', warnings: [{ code: 'pages_not_read' }] });
  });
});

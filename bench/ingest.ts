// Adding documents over HTTP to a serving program, against the bare embedding of the very same texts in the same run,
// one after the other in turn; and what a person waits for a page meanwhile.
// ATELIER_BENCH_DATA names the folder with rag/, ATELIER_TEST_MODELS one that holds multilingual-e5-small.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { Chunk } from '../src/contracts/chunk.ts';
import type { Collection, KnowledgeDocument } from '../src/contracts/knowledge.ts';
import type { Task } from '../src/contracts/task.ts';
import { silentLog } from '../src/lib/log.ts';
import type { InstalledModel } from '../src/models/library.ts';
import { createLocalEngine } from '../src/models/local/local-engine.ts';
import { testModelPath } from '../src/models/local/testing/test-models.ts';
import { textsToEmbed } from '../src/retrieval/index/passage-vector.ts';
import { startServer } from '../test/start-server.ts';
import { dataFolder, type RagDocument, readSet } from './retrieval/rag-sets.ts';
import { percentile, printRatio } from './statistics.ts';

const ROUNDS = 6;
/** Of the documents of one round together: about 80 passages. */
const CHARACTERS = 70_000;
const PAGE_EVERY_MS = 100;

interface Prepared {
  model: InstalledModel;
  /** What was measured when the model was loaded here, so that both sides use as many threads. */
  measured: Map<string, unknown>;
}

/** Installs the model in the data folder and loads it once, so that its threads are chosen before anything runs. */
async function prepare(dataDir: string, path: string): Promise<Prepared> {
  const app = await createApp(readConfig({ data: dataDir, model: 'none' }, {}), { version: 'bench' });
  try {
    await app.start();
    await app.library.pull({ path });
    await app.embedder.ready(() => {}, new AbortController().signal);
    const [model] = await app.library.installed();
    if (model === undefined) throw new Error(`${path} was not installed.`);
    const rows = await app.store.db.selectFrom('measurements').selectAll().execute();
    return { model, measured: new Map(rows.map((row) => [row.key, JSON.parse(row.value) as unknown])) };
  } finally {
    await app.close();
  }
}

function* rounds(folder: string): Generator<RagDocument[]> {
  const documents = ['travail_faq_fr', 'covid_faq_fr', 'cnil_faq_fr'].flatMap(
    (name) => readSet(folder, name).documents,
  );
  let at = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const taken: RagDocument[] = [];
    for (let size = 0; size < CHARACTERS && at < documents.length; at++) {
      const document = documents[at];
      if (document === undefined) return;
      taken.push(document);
      size += document.text.length;
    }
    yield taken;
  }
}

/** Asks for what a page asks for, again and again, until it is stopped; gives the milliseconds of each. */
function watchPages(url: string, collectionId: string): () => Promise<number[]> {
  const addresses = [
    '/',
    '/atelier/v1/conversations?limit=50',
    '/atelier/v1/collections',
    `/atelier/v1/collections/${collectionId}/documents?limit=50`,
  ];
  const waits: number[] = [];
  let on = true;
  const watching = (async () => {
    for (let i = 0; on; i++) {
      const began = performance.now();
      await (await fetch(url + addresses[i % addresses.length])).arrayBuffer();
      waits.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, PAGE_EVERY_MS));
    }
  })();
  return async () => {
    on = false;
    await watching;
    return waits;
  };
}

export async function bench(): Promise<void> {
  const folder = dataFolder();
  const path = testModelPath('multilingual-e5-small', 'multilingual-e5-small.gguf');
  if (path === null) throw new Error('Set ATELIER_TEST_MODELS to a folder with multilingual-e5-small.');
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-bench-'));
  const { model, measured } = await prepare(dataDir, path);
  const engine = createLocalEngine({
    log: silentLog,
    measurements: { get: async (key) => measured.get(key), set: async () => {} },
  });
  const server = await startServer({ dataDir });
  const ask = async <T>(address: string, init?: RequestInit): Promise<T> => {
    const response = await fetch(server.url + address, init);
    if (!response.ok) throw new Error(`${address}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  try {
    const pairs: [number, number][] = [];
    const waits: number[] = [];
    const bare = engine.embedding(model);
    await bare.doEmbed({ values: ['passage: warm'] });
    let round = 0;
    for (const documents of rounds(folder)) {
      const { id } = await ask<Collection>('/atelier/v1/collections', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: `Round ${++round}` }),
      });
      const form = new FormData();
      for (const { id: name, title, text } of documents)
        form.append('files', new Blob([`# ${title}\n\n${text}`]), `${name.replaceAll('/', '-')}.md`);
      // The first question loads the model: not a part of the rate.
      if (round === 1) await warm(ask, id);
      const stop = watchPages(server.url, id);
      const began = performance.now();
      const added = await ask<{ task: Task }>(`/atelier/v1/collections/${id}/documents`, {
        method: 'POST',
        body: form,
      });
      for (let task = added.task; task.status !== 'complete'; ) {
        if (task.status === 'failed') throw new Error(task.error?.message);
        await new Promise((resolve) => setTimeout(resolve, 50));
        task = await ask<Task>(`/atelier/v1/tasks/${task.id}`);
      }
      const seconds = (performance.now() - began) / 1000;
      waits.push(...(await stop()));

      const texts = await textsOf(ask, id);
      const bareBegan = performance.now();
      await bare.doEmbed({ values: texts.map((text) => `passage: ${text}`) });
      const bareSeconds = (performance.now() - bareBegan) / 1000;
      pairs.push([texts.length / seconds, texts.length / bareSeconds]);
      process.stdout.write(
        `round ${round}: ${documents.length} documents, ${texts.length} texts, ${seconds.toFixed(1)} s against ${bareSeconds.toFixed(1)} s bare\n`,
      );
    }
    printRatio('texts a second, added against embedded bare', pairs, 'goal 0.9');
    process.stdout.write(
      `a page meanwhile: p50 ${percentile(waits, 0.5).toFixed(1)} ms, p95 ${percentile(waits, 0.95).toFixed(1)} ms, worst ${Math.max(...waits).toFixed(0)} ms over ${waits.length} requests (p95 must be under 100)\n`,
    );
  } finally {
    await server.stop({ keep: true });
    await engine.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Ask = <T>(address: string, init?: RequestInit) => Promise<T>;

async function warm(ask: Ask, id: string): Promise<void> {
  const form = new FormData();
  form.append('files', new Blob(['Warm.']), 'warm.txt');
  const { task } = await ask<{ task: Task }>(`/atelier/v1/collections/${id}/documents`, {
    method: 'POST',
    body: form,
  });
  while ((await ask<Task>(`/atelier/v1/tasks/${task.id}`)).status !== 'complete')
    await new Promise((resolve) => setTimeout(resolve, 50));
}

/** What the service has embedded. */
async function textsOf(ask: Ask, id: string): Promise<string[]> {
  const texts: string[] = [];
  const { documents } = await ask<{ documents: KnowledgeDocument[] }>(
    `/atelier/v1/collections/${id}/documents?limit=200`,
  );
  for (const document of documents.filter(({ path }) => path !== 'warm.txt')) {
    if (document.status !== 'ready') throw new Error(`${document.path} is ${document.status}.`);
    const { passages } = await ask<{ passages: Chunk[] }>(`/atelier/v1/documents/${document.id}/passages`);
    texts.push(...new Set(passages.flatMap(textsToEmbed)));
  }
  return texts;
}

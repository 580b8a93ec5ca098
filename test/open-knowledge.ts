// The knowledge service over a store of a test's own, with parsers and index as they are and an embedder without a model.
import { type Identity, localIdentity } from '../src/contracts/identity.ts';
import type { KnowledgeDocument, SearchResult } from '../src/contracts/knowledge.ts';
import type { Task } from '../src/contracts/task.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import type { Jobs } from '../src/jobs/queue.ts';
import type { GuardedFetch } from '../src/lib/guarded-fetch.ts';
import { silentLog } from '../src/lib/log.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import type { Ledger } from '../src/monitoring/ledger.ts';
import { createKnowledge, type KnowledgeService } from '../src/retrieval/create-knowledge.ts';
import { createPassageIndex } from '../src/retrieval/index/create-passage-index.ts';
import type { NewDocument } from '../src/retrieval/knowledge.ts';
import { createParserPool, type ParserPool } from '../src/retrieval/parse/pool/parser-pool.ts';
import type { PassageIndex } from '../src/retrieval/passage-index.ts';
import { createWordEmbedder, type WordEmbedder } from '../src/retrieval/testing/word-embedder.ts';
import type { Store } from '../src/store/store.ts';

export interface TestKnowledge {
  knowledge: KnowledgeService;
  jobs: Jobs;
  ledger: Ledger;
  index: PassageIndex;
  embedder: WordEmbedder;
  /** Tells the service that a model came or went. */
  modelsChanged(): void;
  /** Text documents by their paths, read to the end. */
  addTexts(collectionId: string, texts: Record<string, string>): Promise<Task | null>;
  documents(collectionId: string, who?: Identity): Promise<Record<string, KnowledgeDocument>>;
  /** Paths of the documents that a search finds, best first. */
  find(collectionId: string, query: string, mode?: SearchResult['mode']): Promise<string[]>;
  /** Resolves when no job is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenKnowledgeOptions {
  embedder?: WordEmbedder;
  /** One of the caller's, who closes it. */
  parsers?: ParserPool;
  guarded?: GuardedFetch;
  /** Default true. */
  start?: boolean;
  now?: () => number;
}

const noFetch: GuardedFetch = {
  fetch: () => Promise.reject(new Error('This test has no network.')),
  close: async () => {},
};

export async function openKnowledge(
  store: Store,
  options: OpenKnowledgeOptions = {},
): Promise<TestKnowledge> {
  const { embedder = createWordEmbedder(), guarded = noFetch, start = true, now } = options;
  const parsers = options.parsers ?? createParserPool({ processes: 1 });
  const jobs = createJobs({ store, log: silentLog });
  const ledger = createLedger({ store, log: silentLog, keepContent: () => true, flushMs: 5 });
  const index = createPassageIndex({ store, log: silentLog });
  let modelsChanged = () => {};
  const knowledge = createKnowledge({
    store,
    jobs,
    ledger,
    parsers,
    index,
    embedder,
    guarded,
    log: silentLog,
    ...(now ? { now } : {}),
    onModelsChange(listener) {
      modelsChanged = listener;
      return () => {};
    },
  });
  if (start) {
    await jobs.start();
    await knowledge.start();
  }
  const me = localIdentity;
  const idle = async () => {
    for (;;) {
      const open = (await jobs.list({ open: true })).filter((task) => task.status !== 'paused');
      if (open.length === 0) return;
      await Promise.all(open.map((task) => jobs.wait(task.id)));
    }
  };
  return {
    knowledge,
    jobs,
    ledger,
    index,
    embedder,
    modelsChanged: () => modelsChanged(),
    async addTexts(collectionId, texts) {
      const { task } = await knowledge.add(me, collectionId, textDocuments(texts));
      return task && jobs.wait(task.id);
    },
    async documents(collectionId, who = me) {
      const { documents } = await knowledge.listDocuments(who, collectionId, { limit: 1000 });
      return Object.fromEntries(documents.map((document) => [document.path, document]));
    },
    async find(collectionId, query, mode = 'lexical') {
      const options = { collectionIds: [collectionId], query, mode, source: 'api' };
      const { hits } = await knowledge.search(me, options);
      return hits.map((hit) => hit.path);
    },
    idle,
    async close() {
      await jobs.stop();
      await knowledge.close();
      await index.close();
      if (options.parsers === undefined) await parsers.close();
      await ledger.close();
    },
  };
}

export function textDocuments(texts: Record<string, string>): NewDocument[] {
  return Object.entries(texts).map(([path, text]) => ({ path, bytes: Buffer.from(text) }));
}

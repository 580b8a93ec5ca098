// The index at 100,000 passages: recall@10 of the vectors against exact search in full precision, unfiltered and under a
// filter that lets one passage in a hundred by, and how long a hybrid search takes without the question's embedding.
// The vectors are those of the passages of all retrieval sets; copies with Gaussian noise fill up to 100,000, the noise
// as long as JITTER of the vector. With DATABASE_URL set, PostgreSQL is measured too.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { newId } from '../src/lib/ids.ts';
import { silentLog } from '../src/lib/log.ts';
import { seededRandom } from '../src/lib/seeded-random.ts';
import { createPassageIndex } from '../src/retrieval/index/create-passage-index.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/store.ts';
import { addCollection, addDocument } from '../test/suites/passage-rows.ts';
import { DIMENSIONS, openEmbeddings } from './retrieval/embeddings.ts';
import { passagesOf, passageVectors, type SetPassage } from './retrieval/passages.ts';
import { dataFolder, readSet, setNames } from './retrieval/rag-sets.ts';
import { median, percentile } from './statistics.ts';

const PASSAGES = Number(process.env.ATELIER_BENCH_PASSAGES ?? 100_000);
const JITTER = 0.25;
/** Passages of one document. */
const PER_DOCUMENT = 20;
const QUESTIONS_A_SET = 60;

function jittered(vector: Float32Array, random: () => number): Float32Array {
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const moved = vector.map((x) => x + (JITTER / Math.sqrt(DIMENSIONS)) * gauss());
  const length = Math.hypot(...moved);
  return moved.map((x) => x / length);
}

interface Question {
  text: string;
  vector: Float32Array;
}

/** The ten nearest by full precision, by their place. */
function nearest(vectors: Float32Array, { vector }: Question, every: number): number[] {
  const scores: { at: number; score: number }[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < PASSAGES; at++) {
    if (every > 1 && Math.floor(at / PER_DOCUMENT) % every !== 0) continue;
    let score = 0;
    const start = at * DIMENSIONS;
    for (let i = 0; i < DIMENSIONS; i++) score += (vector[i] ?? 0) * (vectors[start + i] ?? 0);
    if (score <= least) continue;
    scores.push({ at, score });
    if (scores.length < 40) continue;
    scores.sort((a, b) => b.score - a.score).length = 10;
    least = scores[9]?.score ?? least;
  }
  return scores
    .sort((a, b) => b.score - a.score)
    .slice(0, 10)
    .map(({ at }) => at);
}

async function measure(
  store: Store,
  passages: readonly SetPassage[],
  vectors: Float32Array,
  questions: readonly Question[],
): Promise<void> {
  const index = createPassageIndex({ store, log: silentLog });
  await index.open();
  const collectionId = newId('col');
  await addCollection(store, collectionId);
  let started = performance.now();
  for (let from = 0; from < PASSAGES; from += PER_DOCUMENT) {
    const document = Math.floor(from / PER_DOCUMENT);
    await addDocument(
      { store, index },
      { id: `doc${document}`, collectionId, attributes: { share: document % 100 } },
      Array.from({ length: Math.min(PER_DOCUMENT, PASSAGES - from) }, (_, i) => {
        const at = from + i;
        const chunk = passages[at % passages.length]?.chunk;
        if (!chunk) throw new Error('There are no passages.');
        return {
          chunk: { ...chunk, id: `p${at}` },
          vector: vectors.subarray(at * DIMENSIONS, (at + 1) * DIMENSIONS),
        };
      }),
    );
  }
  const adding = performance.now() - started;
  await index.close();

  const again = createPassageIndex({ store, log: silentLog });
  started = performance.now();
  await again.open();
  const opening = performance.now() - started;
  process.stdout.write(
    `${store.kind}: ${PASSAGES} passages added at ${((PASSAGES * 1000) / adding).toFixed(0)}/s, opened again in ${opening.toFixed(0)} ms\n`,
  );

  for (const [what, filter, every] of [
    ['unfiltered', undefined, 1],
    ['under a 1 % filter', { type: 'eq', key: 'share', value: 0 } as const, 100],
  ] as const) {
    let right = 0;
    const times: number[] = [];
    const exact = questions.map((question) => nearest(vectors, question, every));
    for (const [at, { text, vector }] of questions.entries()) {
      const begun = performance.now();
      const hits = await again.search({
        text,
        vector,
        collectionIds: [collectionId],
        limit: 10,
        mode: 'vector',
        ...(filter && { filter }),
      });
      times.push(performance.now() - begun);
      const found = new Set(hits.map(({ chunkId }) => chunkId));
      right += (exact[at] ?? []).filter((place) => found.has(`p${place}`)).length;
    }
    const goal = filter ? 'goal 0.99' : 'goal 0.95';
    process.stdout.write(
      `  vectors ${what}: recall@10 ${(right / questions.length / 10).toFixed(4)} against exact (${goal}), p50 ${median(times).toFixed(1)} ms\n`,
    );
  }
  for (const mode of ['hybrid', 'lexical'] as const) {
    const times: number[] = [];
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    for (const { text, vector } of questions) {
      const begun = performance.now();
      await again.search({ text, vector, collectionIds: [collectionId], limit: 8, mode });
      times.push(performance.now() - begun);
    }
    delay.disable();
    process.stdout.write(
      `  ${mode} search of 8: p50 ${median(times).toFixed(1)} ms (goal 10, must 30), p95 ${percentile(times, 0.95).toFixed(1)} ms; event loop held up at most ${(delay.max / 1e6).toFixed(1)} ms\n`,
    );
  }
  await again.close();
  await store.write([store.db.deleteFrom('collections').where('id', '=', collectionId)]);
}

export async function bench(): Promise<void> {
  const folder = dataFolder();
  const embeddings = await openEmbeddings();
  const passages: SetPassage[] = [];
  const base: Float32Array[] = [];
  const questions: Question[] = [];
  try {
    for (const name of setNames) {
      const set = readSet(folder, name, QUESTIONS_A_SET);
      const own = await passagesOf(set, embeddings);
      passages.push(...own);
      base.push(
        ...(await passageVectors(
          own.map(({ chunk }) => chunk),
          embeddings,
        )),
      );
      const asked = await embeddings.embed(set.questions.map(({ query }) => `query: ${query}`));
      set.questions.forEach(({ query }, at) => {
        questions.push({ text: query, vector: asked[at] ?? new Float32Array(DIMENSIONS) });
      });
    }
  } finally {
    await embeddings.close();
  }
  const random = seededRandom(1);
  const vectors = new Float32Array(PASSAGES * DIMENSIONS);
  for (let at = 0; at < PASSAGES; at++) {
    const own = base[at % base.length] ?? new Float32Array(DIMENSIONS);
    vectors.set(at < base.length ? own : jittered(own, random), at * DIMENSIONS);
  }
  process.stdout.write(
    `${base.length} embedded passages, copies with noise of ${JITTER} of a vector's length up to ${PASSAGES}; ${questions.length} questions\n`,
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-bench-'));
  try {
    const store = await openStore({ dataDir, log: silentLog });
    await measure(store, passages, vectors, questions);
    await store.close();
    const databaseUrl = process.env.DATABASE_URL;
    if (databaseUrl) {
      const server = await openStore({ dataDir, databaseUrl, log: silentLog });
      await measure(server, passages, vectors, questions);
      await server.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

// Vectors of texts by the local embedding model, kept in .cache so that a setting can be tried again at once.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import { silentLog } from '../../src/lib/log.ts';
import type { InstalledModel } from '../../src/models/library.ts';
import { createLocalEngine } from '../../src/models/local/local-engine.ts';

export const DIMENSIONS = 384;
const KEY_BYTES = 20;
const ROW_BYTES = KEY_BYTES + DIMENSIONS * 4;

export interface Embeddings {
  /** Unit vectors of texts that already have their prefix. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
  countTokens(texts: readonly string[]): number[];
  close(): Promise<void>;
}

function modelPath(): string {
  const folder = process.env.ATELIER_BENCH_MODELS ?? '';
  const file = 'multilingual-e5-small.gguf';
  const path = [join(folder, 'models', file), join(folder, file)].find((one) => folder && existsSync(one));
  if (!path)
    throw new Error(`Set ATELIER_BENCH_MODELS to a data folder of Atelier that holds models/${file}.`);
  return path;
}

/** @throws Error that says what to set */
export async function openEmbeddings(): Promise<Embeddings> {
  const path = modelPath();
  const folder = resolve(import.meta.dirname, '../../.cache/bench');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'multilingual-e5-small.vectors');
  const known = new Map<string, Float32Array>();
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    for (let at = 0; at + ROW_BYTES <= bytes.length; at += ROW_BYTES) {
      const vector = new Float32Array(DIMENSIONS);
      for (let i = 0; i < DIMENSIONS; i++) vector[i] = bytes.readFloatLE(at + KEY_BYTES + i * 4);
      known.set(bytes.toString('hex', at, at + KEY_BYTES), vector);
    }
  }
  const measured = new Map<string, unknown>();
  const engine = createLocalEngine({
    log: silentLog,
    gpu: 'cpu',
    measurements: {
      get: async (key) => measured.get(key),
      set: async (key, value) => void measured.set(key, value),
    },
  });
  const installed: InstalledModel = {
    id: 'multilingual-e5-small',
    path,
    adapter: null,
    sizeBytes: 0,
    sha256: null,
    source: `path:${path}`,
    catalogueId: null,
    kind: 'embedding',
    architecture: 'bert',
    contextLength: 512,
    parameters: null,
    quantization: null,
    createdAt: 0,
  };
  const model = engine.embedding(installed);
  const llama = await getLlama({
    build: 'never',
    skipDownload: true,
    gpu: false,
    logLevel: LlamaLogLevel.error,
  });
  const vocabulary = await llama.loadModel({ modelPath: path, vocabOnly: true });
  const keyOf = (text: string) =>
    createHash('sha256')
      .update(text)
      .digest('hex')
      .slice(0, KEY_BYTES * 2);

  return {
    async embed(texts) {
      const missing = [...new Set(texts)].filter((text) => !known.has(keyOf(text)));
      const started = performance.now();
      for (let at = 0; at < missing.length; at += 64) {
        const batch = missing.slice(at, at + 64);
        const { embeddings } = await model.doEmbed({ values: batch.map((text) => text.normalize('NFKC')) });
        const rows = Buffer.alloc(batch.length * ROW_BYTES);
        for (const [index, vector] of embeddings.entries()) {
          const length = Math.hypot(...vector);
          const unit = Float32Array.from(vector, (x) => x / length);
          const key = keyOf(batch[index] ?? '');
          known.set(key, unit);
          rows.write(key, index * ROW_BYTES, 'hex');
          for (let i = 0; i < DIMENSIONS; i++)
            rows.writeFloatLE(unit[i] ?? 0, index * ROW_BYTES + KEY_BYTES + i * 4);
        }
        appendFileSync(file, rows);
        if (at % 640 === 0 && at > 0)
          process.stderr.write(
            `  embedded ${at} of ${missing.length} texts, ${((at * 1000) / (performance.now() - started)).toFixed(1)}/s\n`,
          );
      }
      return texts.map((text) => known.get(keyOf(text)) ?? new Float32Array(DIMENSIONS));
    },
    countTokens: (texts) => texts.map((text) => vocabulary.tokenize(text.normalize('NFKC')).length),
    async close() {
      await engine.close();
      await vocabulary.dispose();
      await llama.dispose();
    },
  };
}

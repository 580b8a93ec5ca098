// LoRA training beside transformers and PEFT in the same run, step by step in turn, one thread each: tokens a CPU second,
// peak of memory, and the two loss curves from the same first values over the same batches.
// ATELIER_BENCH_PYTHON is a Python with torch, transformers and peft; ATELIER_BENCH_DATA holds apps/sft-en.train.jsonl,
// ATELIER_BENCH_MODELS the models; ATELIER_BENCH_STEPS other counts than 8 timed steps and 50 of the curve, as `8,50`.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { loraTargets } from '../src/contracts/training.ts';
import { createBaseModels } from '../src/learning/training/base-models.ts';
import { installedModel } from '../src/models/local/testing/test-models.ts';
import { createTrainingEngine } from '../src/models/local/training-engine.ts';
import type { DecoderConfig } from '../src/numerics/decoder/decoder.ts';
import { openLocalModels } from '../test/open-local-models.ts';
import { median, printRatio } from './statistics.ts';
import type { Batch, Order, Step } from './training/ours.ts';

const root = resolve(import.meta.dirname, '..');
const MODEL = 'smollm2-135m-instruct';
const ROWS = 4;
const LENGTH = 256;
const LEARNING_RATE = 1e-4;
const lora = { rank: 8, alpha: 16, targets: [...loraTargets] };
const print = (line: string) => process.stdout.write(`${line}\n`);

interface Side {
  what: string;
  pid: number;
  step(batch: Batch): Promise<Step>;
  end(): Promise<void>;
}

async function open(command: string, args: string[], order: object): Promise<Side> {
  const child: ChildProcessWithoutNullStreams = spawn(command, args, {
    env: { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' },
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async <T>(): Promise<T> => {
    const line = await lines.next();
    if (line.done) throw new Error(`${command} ended: ${complaints}`);
    return JSON.parse(line.value) as T;
  };
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const { what, pid } = await read<{ what: string; pid: number }>();
  return {
    what,
    pid,
    async step(batch) {
      child.stdin.write(`${JSON.stringify(batch)}\n`);
      return read<Step>();
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Conversations that fit a row, one a row, padded; the answers are learned. */
async function batchesOf(path: string, data: string, count: number): Promise<Batch[]> {
  const tokenizer = await createTrainingEngine().openTokenizer(path);
  try {
    const lines = readFileSync(join(data, 'apps', 'sft-en.train.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const encoded = await tokenizer.encode(
      lines.map((line) => (JSON.parse(line) as { messages: [] }).messages),
    );
    const fitting = encoded.flat().filter(({ ids }) => ids.length <= LENGTH && ids.length > LENGTH / 2);
    return Array.from({ length: count }, (_, at) => {
      const batch: Batch = { rows: ROWS, ids: [], learned: [] };
      for (let row = 0; row < ROWS; row++) {
        const one = fitting[(at * ROWS + row) % fitting.length];
        if (one === undefined) throw new Error('No conversation of the file fits a row.');
        const padding = LENGTH - one.ids.length;
        batch.ids.push(...one.ids, ...new Array<number>(padding).fill(one.ids.at(-1) ?? 0));
        batch.learned.push(...one.learned, ...new Array<number>(padding).fill(0));
      }
      return batch;
    });
  } finally {
    await tokenizer.close();
  }
}

function huggingFaceFolder(folder: string, weights: string, config: DecoderConfig): void {
  symlinkSync(weights, join(folder, 'model.safetensors'));
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      hidden_act: 'silu',
      vocab_size: config.vocabulary,
      hidden_size: config.width,
      intermediate_size: config.hidden,
      num_hidden_layers: config.layers,
      num_attention_heads: config.heads,
      num_key_value_heads: config.keyValueHeads,
      head_dim: config.headWidth,
      max_position_embeddings: config.contextLength,
      rms_norm_eps: config.epsilon,
      rope_theta: config.ropeTheta,
      tie_word_embeddings: config.tied,
    }),
  );
}

export async function bench(): Promise<void> {
  const python = process.env.ATELIER_BENCH_PYTHON;
  const data = process.env.ATELIER_BENCH_DATA;
  if (python === undefined || data === undefined)
    throw new Error('Set ATELIER_BENCH_PYTHON (with torch, transformers, peft) and ATELIER_BENCH_DATA.');
  const models = process.env.ATELIER_BENCH_MODELS ?? join(root, '.cache/models');
  const path = join(models, 'models', `${MODEL}.gguf`);
  if (!existsSync(path))
    throw new Error(`${path} is not there; run npm test once, or set ATELIER_BENCH_MODELS.`);
  const [timed = 8, curve = 50] = (process.env.ATELIER_BENCH_STEPS ?? '8,50').split(',').map(Number);
  const folder = mkdtempSync(join(tmpdir(), 'atelier-bench-training-'));
  const local = await openLocalModels([{ id: MODEL, path, kind: 'chat' }]);
  try {
    const base = await createBaseModels({
      library: { installed: async () => [installedModel(path, MODEL, 'chat')], catalogue: async () => [] },
      registry: local.registry,
      dataDir: folder,
    }).prepare(`local/${MODEL}`);
    huggingFaceFolder(folder, base.weights, base.config);
    const batches = await batchesOf(path, data, Math.max(timed, curve));
    const initial = join(folder, 'initial.safetensors');
    const ours = (gradientCheckpointing: boolean) =>
      open(process.execPath, [join(import.meta.dirname, 'training/ours.ts')], {
        config: base.config,
        weights: base.weights,
        lora,
        rows: ROWS,
        length: LENGTH,
        threads: 1,
        gradientCheckpointing,
        learningRate: LEARNING_RATE,
        writeInitial: initial,
      } satisfies Order);
    const peft = (gradientCheckpointing: boolean, dtype: string) =>
      open(python, [join(import.meta.dirname, 'training/peer.py')], {
        folder,
        lora,
        threads: 1,
        dtype,
        gradientCheckpointing,
        learningRate: LEARNING_RATE,
        initial,
      });
    for (const [gradientCheckpointing, dtype, steps] of [
      [false, 'float32', Math.max(timed, curve)],
      [true, 'float32', timed],
      [false, 'bfloat16', timed],
    ] as const) {
      const a = await ours(gradientCheckpointing);
      const b = await peft(gradientCheckpointing, dtype);
      const pairs: [Step, Step][] = [];
      try {
        for (const batch of batches.slice(0, steps)) pairs.push([await a.step(batch), await b.step(batch)]);
      } finally {
        await Promise.all([a.end(), b.end()]);
      }
      report(pairs, `${dtype}${gradientCheckpointing ? ', gradient checkpointing' : ''}`, b.what);
    }
  } finally {
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(pairs: readonly [Step, Step][], name: string, peer: string): void {
  const tokens = ROWS * LENGTH;
  // The first step of each lays out its memory.
  const warm = pairs.slice(1);
  print(
    `\nSmolLM2-135M, LoRA rank ${lora.rank} on all seven, ${ROWS} x ${LENGTH} tokens, one thread; beside ${peer} ${name}`,
  );
  printRatio(
    'tokens a CPU second',
    warm.map(([a, b]) => [tokens / a.cpu, tokens / b.cpu]),
    'goal 1.5, at least 1.1',
  );
  printRatio(
    'tokens a second of the clock',
    warm.map(([a, b]) => [tokens / a.wall, tokens / b.wall]),
    'reported',
  );
  const peak = (side: 0 | 1) => Math.max(...pairs.map((pair) => pair[side].peak)) / 1e6;
  print(
    `peak of memory: ${peak(0).toFixed(0)} MB against ${peak(1).toFixed(0)} MB, ${(peak(0) / peak(1)).toFixed(2)} (at most 0.7)`,
  );
  const apart = pairs.map(([a, b]) => Math.abs(a.loss - b.loss) / b.loss);
  print(
    `loss over ${pairs.length} steps: ${pairs[0]?.[0].loss.toFixed(4)} to ${pairs.at(-1)?.[0].loss.toFixed(4)} against ` +
      `${pairs[0]?.[1].loss.toFixed(4)} to ${pairs.at(-1)?.[1].loss.toFixed(4)}; apart at most ${(100 * Math.max(...apart)).toFixed(3)} %, median ${(100 * median(apart)).toFixed(4)} % (within 2 %)`,
  );
}

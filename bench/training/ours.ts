// Atelier's side of `npm run bench -- training`, in a process of its own: reads JSON lines, first the order, then one
// batch a line, and answers each with its loss, its time and the peak of memory. Its peer is peer.py.
import { createInterface } from 'node:readline';
import { writeSafetensors } from '../../src/lib/tensors/safetensors.ts';
import type { Adaptation, DecoderConfig, TokenBatch } from '../../src/numerics/decoder/decoder.ts';
import { writeInitialValues } from '../../src/numerics/decoder/initial-values.ts';
import { openDecoderSession } from '../../src/numerics/decoder/open-decoder-session.ts';
import { adamW, adamWState } from '../../src/numerics/optim/adamw.ts';
import { clipScale, globalNorm } from '../../src/numerics/optim/clip.ts';

export interface Order {
  config: DecoderConfig;
  weights: string;
  lora: { rank: number; alpha: number; targets: string[] };
  rows: number;
  length: number;
  threads: number;
  gradientCheckpointing: boolean;
  learningRate: number;
  /** Where the first values of the adapter are written, for the peer to begin with the same. */
  writeInitial?: string;
}
export interface Batch {
  rows: number;
  ids: number[];
  /** 1: this token is foreseen by the one before it. */
  learned: number[];
}
export interface Step {
  loss: number;
  wall: number;
  cpu: number;
  peak: number;
}

const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const order = JSON.parse((await lines.next()).value ?? '') as Order;
const adaptation: Adaptation = {
  kind: 'lora',
  dropout: 0,
  rank: order.lora.rank,
  alpha: order.lora.alpha,
  targets: order.lora.targets as Extract<Adaptation, { kind: 'lora' }>['targets'],
};
const session = await openDecoderSession({
  config: order.config,
  weights: order.weights,
  adaptation,
  rows: order.rows,
  length: order.length,
  gradientCheckpointing: order.gradientCheckpointing,
  threads: order.threads,
});
await writeInitialValues(session.values, session.parameters, { adaptation, seed: 1, weights: order.weights });
if (order.writeInitial !== undefined)
  await writeSafetensors(
    order.writeInitial,
    session.parameters.map(({ name, shape, offset, size }) => ({
      name,
      shape: [...shape],
      async *values() {
        yield session.values.slice(offset, offset + size);
      },
    })),
    {},
  );
const state = adamWState(session.values.length);
say({ ready: true, what: 'atelier', trainable: session.values.length, pid: process.pid });

let step = 0;
for (let line = await lines.next(); !line.done; line = await lines.next()) {
  const { ids, learned } = JSON.parse(line.value) as Batch;
  const start = performance.now();
  const before = process.cpuUsage();
  const { loss } = await session.gradient(layOut(ids, learned));
  adamW(
    session.values,
    session.gradients,
    state,
    ++step,
    { learningRate: order.learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    clipScale(globalNorm(session.gradients), 1),
  );
  const used = process.cpuUsage(before);
  say({
    loss,
    wall: (performance.now() - start) / 1000,
    cpu: (used.user + used.system) / 1e6,
    peak: process.resourceUsage().maxRSS * 1024,
  } satisfies Step);
}
await session.close();

function layOut(ids: number[], learned: number[]): TokenBatch {
  const { length } = order;
  const last = (at: number) => at % length === length - 1;
  const count = learned.reduce((sum, one, at) => sum + (at % length === 0 ? 0 : one), 0);
  return {
    ids: Int32Array.from(ids),
    labels: Int32Array.from(ids, (_, at) => (last(at) ? 0 : (ids[at + 1] ?? 0))),
    weights: Float32Array.from(ids, (_, at) => (last(at) ? 0 : (learned[at + 1] ?? 0) / count)),
    positions: Int32Array.from(ids, (_, at) => at % length),
    segments: new Int32Array(ids.length),
  };
}

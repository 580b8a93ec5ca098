// A step of a decoder whose weights are zeros, in a process of its own; prints the peak of its memory in bytes.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { DecoderSessionOptions } from '../../src/numerics/decoder/decoder.ts';
import { openDecoderSession } from '../../src/numerics/decoder/open-decoder-session.ts';
import { parametersOf } from '../../src/numerics/decoder/parameters-of.ts';
import { adamWState } from '../../src/numerics/optim/adamw.ts';

const options = JSON.parse(process.argv[2] ?? '') as DecoderSessionOptions;
const header: Record<string, unknown> = {};
let end = 0;
for (const { name, shape, size } of parametersOf(options.config, { kind: 'full' })) {
  header[name] = { dtype: 'F32', shape, data_offsets: [end, end + size * 4] };
  end += size * 4;
}
const text = Buffer.from(JSON.stringify(header));
const head = Buffer.alloc(8);
head.writeBigUInt64LE(BigInt(text.length));
const file = openSync(options.weights, 'w');
writeSync(file, head);
writeSync(file, text);
ftruncateSync(file, 8 + text.length + end);
closeSync(file);

const session = await openDecoderSession(options);
const tokens = options.rows * options.length;
const means = adamWState(session.values.length);
means.m.fill(1);
means.v.fill(1);
for (let step = 0; step < 2; step++)
  await session.gradient({
    ids: new Int32Array(tokens),
    labels: new Int32Array(tokens),
    weights: new Float32Array(tokens).fill(1),
    positions: Int32Array.from({ length: tokens }, (_, i) => i % options.length),
    segments: new Int32Array(tokens),
  });
await session.close();
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));

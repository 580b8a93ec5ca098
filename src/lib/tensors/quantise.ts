// 32-bit numbers as blocks of ggml's tensor types, bit for bit as llama.cpp's own quantiser writes them: the same sums
// in the same order, each rounded to 32 bits. What a block holds is told in dequantise.ts. The scales of Q4_K and Q6_K
// are searched for the least weighted squared error (make_qkx2_quants, make_qx_quants of ggml-quants.c).
import { floatToHalf, halfToFloat } from './half.ts';

export interface BlockWriter {
  type: number;
  elements: number;
  bytes: number;
  /** Writes the block of `values` from `from` on to `at`. */
  write(values: Float32Array, from: number, out: DataView, at: number): void;
}

const { fround } = Math;
const TENTH = fround(0.1);
/** Under this a block of Q6_K counts as empty. */
const NOTHING = fround(1e-15);

/** Rounds ties to even, as adding a number whose step is 1 does. */
function nearest(value: number): number {
  return fround(value + 12_582_912) - 12_582_912;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

export const blockWriters = {
  F32: {
    type: 0,
    elements: 1,
    bytes: 4,
    write: (values, from, out, at) => out.setFloat32(at, values[from] ?? 0, true),
  },
  F16: {
    type: 1,
    elements: 1,
    bytes: 2,
    write: (values, from, out, at) => out.setUint16(at, floatToHalf(values[from] ?? 0), true),
  },
  Q8_0: {
    type: 8,
    elements: 32,
    bytes: 34,
    write(values, from, out, at) {
      const d = fround(Math.abs(largest(values, from, 32)) / 127);
      const inverse = d === 0 ? 0 : fround(1 / d);
      out.setUint16(at, floatToHalf(d), true);
      for (let i = 0; i < 32; i++) {
        const x = fround((values[from + i] ?? 0) * inverse);
        // Ties go away from zero here.
        out.setInt8(at + 2 + i, Math.sign(x) * Math.floor(Math.abs(x) + 0.5));
      }
    },
  },
  Q4_0: {
    type: 2,
    elements: 32,
    bytes: 18,
    write(values, from, out, at) {
      const d = fround(largest(values, from, 32) / -8);
      const inverse = d === 0 ? 0 : fround(1 / d);
      out.setUint16(at, floatToHalf(d), true);
      const level = (i: number) =>
        Math.min(15, Math.trunc(fround(fround((values[from + i] ?? 0) * inverse) + 8.5)));
      for (let i = 0; i < 16; i++) out.setUint8(at + 2 + i, level(i) | (level(i + 16) << 4));
    },
  },
  Q5_0: {
    type: 6,
    elements: 32,
    bytes: 22,
    write(values, from, out, at) {
      const d = fround(largest(values, from, 32) / -16);
      const inverse = d === 0 ? 0 : fround(1 / d);
      out.setUint16(at, floatToHalf(d), true);
      const level = (i: number) =>
        Math.min(31, Math.trunc(fround(fround((values[from + i] ?? 0) * inverse) + 16.5)));
      let fifth = 0;
      for (let i = 0; i < 16; i++) {
        const [low, high] = [level(i), level(i + 16)];
        out.setUint8(at + 6 + i, (low & 15) | ((high & 15) << 4));
        fifth |= ((low >> 4) << i) | ((high >> 4) << (i + 16));
      }
      out.setUint32(at + 2, fifth >>> 0, true);
    },
  },
  Q4_K: { type: 12, elements: 256, bytes: 144, write: writeQ4K },
  Q6_K: { type: 14, elements: 256, bytes: 210, write: writeQ6K },
} satisfies Record<string, BlockWriter>;

export type WritableType = keyof typeof blockWriters;

/** Of whole rows whose length is a multiple of the type's block. */
export function quantise(type: WritableType, values: Float32Array): Uint8Array {
  const writer: BlockWriter = blockWriters[type];
  const blocks = values.length / writer.elements;
  const out = new Uint8Array(blocks * writer.bytes);
  const view = new DataView(out.buffer);
  for (let block = 0; block < blocks; block++)
    writer.write(values, block * writer.elements, view, block * writer.bytes);
  return out;
}

/** The first of the numbers that are farthest from zero. */
function largest(values: Float32Array, from: number, count: number): number {
  let found = 0;
  for (let i = from; i < from + count; i++) {
    const x = values[i] ?? 0;
    if (Math.abs(x) > Math.abs(found)) found = x;
  }
  return found;
}

const levels = new Uint8Array(256);
const tried = new Float32Array(32);
const numbers = new Float32Array(32);
const weights = new Float32Array(32);
const scales = new Float32Array(16);
const leasts = new Float32Array(8);

function writeQ4K(values: Float32Array, from: number, out: DataView, at: number): void {
  let maxScale = 0;
  let maxLeast = 0;
  for (let sub = 0; sub < 8; sub++) {
    const start = from + sub * 32;
    let squares = 0;
    for (let i = 0; i < 32; i++) {
      const x = values[start + i] ?? 0;
      numbers[i] = x;
      squares = fround(squares + fround(x * x));
    }
    const mean = fround(Math.sqrt(fround(squares / 32)));
    for (let i = 0; i < 32; i++) weights[i] = mean + Math.abs(values[start + i] ?? 0);
    const { scale, least } = searchScaleAndLeast(sub * 32);
    scales[sub] = scale;
    leasts[sub] = least;
    maxScale = Math.max(maxScale, scale);
    maxLeast = Math.max(maxLeast, least);
  }
  const inverseScale = maxScale > 0 ? fround(63 / maxScale) : 0;
  const inverseLeast = maxLeast > 0 ? fround(63 / maxLeast) : 0;
  for (let i = 0; i < 12; i++) out.setUint8(at + 4 + i, 0);
  const d = floatToHalf(fround(maxScale / 63));
  const dmin = floatToHalf(fround(maxLeast / 63));
  out.setUint16(at, d, true);
  out.setUint16(at + 2, dmin, true);
  for (let sub = 0; sub < 8; sub++) {
    const scale = Math.min(63, nearest(fround(inverseScale * (scales[sub] ?? 0))));
    const least = Math.min(63, nearest(fround(inverseLeast * (leasts[sub] ?? 0))));
    putSixBits(out, at + 4, sub, scale, least);
    const step = fround(halfToFloat(d) * scale);
    if (step === 0) continue;
    const bottom = fround(halfToFloat(dmin) * least);
    for (let i = 0; i < 32; i++) {
      const x = values[from + sub * 32 + i] ?? 0;
      levels[sub * 32 + i] = clamp(nearest(fround(fround(x + bottom) / step)), 0, 15);
    }
  }
  for (let pair = 0; pair < 4; pair++) {
    for (let i = 0; i < 32; i++) {
      const low = levels[pair * 64 + i] ?? 0;
      const high = levels[pair * 64 + 32 + i] ?? 0;
      out.setUint8(at + 16 + pair * 32 + i, low | (high << 4));
    }
  }
}

/** Eight pairs of 6 bits in 12 bytes: the high bits of the last four lie in what the first four leave. */
function putSixBits(out: DataView, at: number, sub: number, scale: number, least: number): void {
  const or = (offset: number, bits: number) => out.setUint8(at + offset, out.getUint8(at + offset) | bits);
  if (sub < 4) {
    or(sub, scale);
    or(sub + 4, least);
  } else {
    or(sub + 4, (scale & 15) | ((least & 15) << 4));
    or(sub - 4, (scale >> 4) << 6);
    or(sub, (least >> 4) << 6);
  }
}

/**
 * Of the 32 `numbers` with their `weights`: the scale and the least value with which levels 0 to 15 come nearest, tried
 * from 21 starting points and solved by least squares from each. Leaves the levels in `levels` from `to` on.
 */
function searchScaleAndLeast(to: number): { scale: number; least: number } {
  let min = numbers[0] ?? 0;
  let max = min;
  let sumW = 0;
  let sumX = 0;
  for (let i = 0; i < 32; i++) {
    const x = numbers[i] ?? 0;
    const w = weights[i] ?? 0;
    if (x < min) min = x;
    if (x > max) max = x;
    sumW = fround(sumW + w);
    sumX = fround(sumX + fround(w * x));
  }
  if (min > 0) min = 0;
  if (max === min) {
    levels.fill(0, to, to + 32);
    return { scale: 0, least: -min };
  }
  const begin = fround(15 / fround(max - min));
  let scale = fround(1 / begin);
  for (let i = 0; i < 32; i++) tried[i] = fourBits(fround(begin * fround((numbers[i] ?? 0) - min)));
  levels.set(tried, to);
  let best = errorOf(scale, min);
  for (let turn = 0; turn <= 20; turn++) {
    // A better least value is where the next try starts from.
    const inverse = fround(fround(fround(-1 + fround(TENTH * turn)) + 15) / fround(max - min));
    let sumL = 0;
    let sumL2 = 0;
    let sumXL = 0;
    for (let i = 0; i < 32; i++) {
      const x = numbers[i] ?? 0;
      const l = fourBits(fround(inverse * fround(x - min)));
      tried[i] = l;
      const wl = fround((weights[i] ?? 0) * l);
      sumL = fround(sumL + wl);
      sumL2 = fround(sumL2 + fround(wl * l));
      sumXL = fround(sumXL + fround(wl * x));
    }
    const determinant = fround(fround(sumW * sumL2) - fround(sumL * sumL));
    if (!(determinant > 0)) continue;
    let thisScale = fround(fround(fround(sumW * sumXL) - fround(sumX * sumL)) / determinant);
    let thisMin = fround(fround(fround(sumL2 * sumX) - fround(sumL * sumXL)) / determinant);
    if (thisMin > 0) {
      thisMin = 0;
      thisScale = fround(sumXL / sumL2);
    }
    const error = errorOf(thisScale, thisMin);
    if (error >= best) continue;
    levels.set(tried, to);
    best = error;
    scale = thisScale;
    min = thisMin;
  }
  return { scale, least: -min };
}

function fourBits(value: number): number {
  const level = nearest(value);
  return Math.max(0, Math.min(level, 15));
}

/** The weighted squared error of the levels in `tried`. */
function errorOf(scale: number, least: number): number {
  let error = 0;
  for (let i = 0; i < 32; i++) {
    const off = fround(fround(fround(scale * (tried[i] ?? 0)) + least) - (numbers[i] ?? 0));
    error = fround(error + fround((weights[i] ?? 0) * fround(off * off)));
  }
  return error;
}

function writeQ6K(values: Float32Array, from: number, out: DataView, at: number): void {
  let maxScale = 0;
  for (let sub = 0; sub < 16; sub++) {
    const scale = searchScale(values, from + sub * 16, sub * 16);
    scales[sub] = scale;
    if (Math.abs(scale) > Math.abs(maxScale)) maxScale = scale;
  }
  if (Math.abs(maxScale) < NOTHING) {
    for (let i = 0; i < 210; i++) out.setUint8(at + i, 0);
    return;
  }
  const inverse = fround(-128 / maxScale);
  const d = floatToHalf(fround(1 / inverse));
  out.setUint16(at + 208, d, true);
  for (let sub = 0; sub < 16; sub++) {
    const scale = Math.min(127, nearest(fround(inverse * (scales[sub] ?? 0))));
    out.setInt8(at + 192 + sub, scale);
    const step = fround(halfToFloat(d) * scale);
    if (step === 0) continue;
    for (let i = sub * 16; i < sub * 16 + 16; i++)
      levels[i] = clamp(nearest(fround((values[from + i] ?? 0) / step)), -32, 31) + 32;
  }
  for (let part = 0; part < 2; part++) {
    for (let i = 0; i < 32; i++) {
      const q = (quarter: number) => levels[part * 128 + quarter * 32 + i] ?? 0;
      out.setUint8(at + part * 64 + i, (q(0) & 15) | ((q(2) & 15) << 4));
      out.setUint8(at + part * 64 + 32 + i, (q(1) & 15) | ((q(3) & 15) << 4));
      out.setUint8(
        at + 128 + part * 32 + i,
        (q(0) >> 4) | ((q(1) >> 4) << 2) | ((q(2) >> 4) << 4) | ((q(3) >> 4) << 6),
      );
    }
  }
}

/** Of 16 numbers, weighted by their squares: the scale with which levels -32 to 31 come nearest, of 19 tried. */
function searchScale(values: Float32Array, start: number, to: number): number {
  const max = largest(values, start, 16);
  if (Math.abs(max) < NOTHING) {
    levels.fill(0, to, to + 16);
    return 0;
  }
  const level = (inverse: number, x: number) => clamp(nearest(fround(inverse * x)), -32, 31);
  const keep = (inverse: number) => {
    for (let i = 0; i < 16; i++) levels[to + i] = level(inverse, values[start + i] ?? 0) + 32;
  };
  const sums = (inverse: number): [sumXL: number, sumL2: number] => {
    let sumXL = 0;
    let sumL2 = 0;
    for (let i = 0; i < 16; i++) {
      const x = values[start + i] ?? 0;
      const l = level(inverse, x);
      const w = fround(x * x);
      sumXL = fround(sumXL + fround(fround(w * x) * l));
      sumL2 = fround(sumL2 + fround(fround(w * l) * l));
    }
    return [sumXL, sumL2];
  };
  const begin = fround(-32 / max);
  keep(begin);
  const [beginXL, beginL2] = sums(begin);
  let scale = beginL2 === 0 ? 0 : fround(beginXL / beginL2);
  let best = fround(scale * beginXL);
  for (let turn = -9; turn <= 9; turn++) {
    if (turn === 0) continue;
    const inverse = fround(-fround(32 + fround(TENTH * turn)) / max);
    const [sumXL, sumL2] = sums(inverse);
    if (sumL2 <= 0 || fround(sumXL * sumXL) <= fround(best * sumL2)) continue;
    keep(inverse);
    scale = fround(sumXL / sumL2);
    best = fround(scale * sumXL);
  }
  return scale;
}

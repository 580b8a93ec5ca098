// Vectors as half-precision floats (IEEE 754 binary16), as both stores keep them: half the bytes, and the cosines of unit
// vectors differ by less than 0.0005. Done by hand, since Float16Array begins with Node 24.

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Rounds to the nearest, ties to even. What is too large becomes infinite, what is not a number stays so. */
export function toHalf(value: number): number {
  float[0] = value;
  const x = bits[0] ?? 0;
  const sign = (x >>> 16) & 0x8000;
  const exponent = ((x >>> 23) & 0xff) - 112;
  const mantissa = x & 0x7fffff;
  if (exponent >= 31) return sign | (exponent === 143 && mantissa !== 0 ? 0x7e00 : 0x7c00);
  const shift = exponent > 0 ? 13 : 14 - exponent;
  if (shift > 24) return sign;
  const whole = exponent > 0 ? (exponent << 23) | mantissa : mantissa | 0x800000;
  const rest = whole & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const kept = whole >>> shift;
  return sign | (kept + (rest > middle || (rest === middle && (kept & 1) === 1) ? 1 : 0));
}

export function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

let table: Float32Array | undefined;

/** All 65,536 values, so that a vector is unpacked by looking up. */
function values(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, half) => fromHalf(half));
  return table;
}

/** Little-endian, two bytes a dimension. */
export function packVector(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(vector.length * 2);
  for (let at = 0; at < vector.length; at++) {
    const half = toHalf(vector[at] ?? 0);
    bytes[at * 2] = half & 0xff;
    bytes[at * 2 + 1] = half >>> 8;
  }
  return bytes;
}

export function unpackVector(bytes: Uint8Array): Float32Array {
  const known = values();
  const vector = new Float32Array(bytes.length >>> 1);
  for (let at = 0; at < vector.length; at++)
    vector[at] = known[(bytes[at * 2] ?? 0) | ((bytes[at * 2 + 1] ?? 0) << 8)] ?? 0;
  return vector;
}

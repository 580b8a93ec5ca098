// Numbers of 16 bits: IEEE 754 half precision and bfloat16, from and to 32 bits, rounded to nearest, ties to even.

const bits = new Uint32Array(1);
const asFloat = new Float32Array(bits.buffer);
let halves: Float32Array | null = null;

/** The number behind each of the 65,536 halves. */
export function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 65_536 }, (_, half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return halves;
}

export function halfToFloat(half: number): number {
  return halfTable()[half] ?? Number.NaN;
}

export function floatToHalf(value: number): number {
  asFloat[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds beyond 65,504
  if (magnitude < 0x38800000) {
    // Below 2^-14 the step is 2^-24 throughout, so adding a number whose own step that is rounds to it.
    asFloat[0] = magnitude === 0 ? 0.5 : Math.abs(asFloat[0] ?? 0) + 0.5;
    return sign | ((bits[0] ?? 0) - 0x3f000000);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

export function bfloatToFloat(value: number): number {
  bits[0] = value << 16;
  return asFloat[0] ?? 0;
}

// Blocks of ggml's tensor types as 32-bit numbers, bit for bit as llama.cpp reads them. A table keyed by the type;
// what a block holds is written beside each row. Source: ggml-common.h and ggml-quants.c of ggml.
import { bfloatToFloat, halfTable } from './half.ts';

export interface BlockType {
  name: string;
  /** Numbers and bytes of a block. */
  elements: number;
  bytes: number;
  /** Reads the block at `at` into `out` from `to` on. */
  read(source: DataView, at: number, out: Float32Array, to: number): void;
}

const { fround } = Math;

/** Of a tensor type of GGUF; null for one that is not read here. */
export function blockType(type: number): BlockType | null {
  return blockTypes[type] ?? null;
}

export const readableTypes = () => Object.values(blockTypes).map(({ name }) => name);

const blockTypes: Readonly<Record<number, BlockType>> = {
  0: {
    name: 'F32',
    elements: 1,
    bytes: 4,
    read(v, at, out, to) {
      out[to] = v.getFloat32(at, true);
    },
  },
  1: {
    name: 'F16',
    elements: 1,
    bytes: 2,
    read(v, at, out, to) {
      out[to] = half(v, at);
    },
  },
  30: {
    name: 'BF16',
    elements: 1,
    bytes: 2,
    read(v, at, out, to) {
      out[to] = bfloatToFloat(v.getUint16(at, true));
    },
  },
  // Scale d; 32 nibbles, the low ones first: d (q - 8)
  2: {
    name: 'Q4_0',
    elements: 32,
    bytes: 18,
    read(v, at, out, to) {
      const d = half(v, at);
      for (let i = 0; i < 16; i++) {
        const pair = v.getUint8(at + 2 + i);
        out[to + i] = d * ((pair & 15) - 8);
        out[to + i + 16] = d * ((pair >> 4) - 8);
      }
    },
  },
  // Scale d, least value m; 32 nibbles: d q + m
  3: {
    name: 'Q4_1',
    elements: 32,
    bytes: 20,
    read(v, at, out, to) {
      const d = half(v, at);
      const m = half(v, at + 2);
      for (let i = 0; i < 16; i++) {
        const pair = v.getUint8(at + 4 + i);
        out[to + i] = fround(d * (pair & 15)) + m;
        out[to + i + 16] = fround(d * (pair >> 4)) + m;
      }
    },
  },
  // Scale d; 32 fifth bits; 32 nibbles: d (q - 16)
  6: {
    name: 'Q5_0',
    elements: 32,
    bytes: 22,
    read(v, at, out, to) {
      const d = half(v, at);
      const high = v.getUint32(at + 2, true);
      for (let i = 0; i < 16; i++) {
        const pair = v.getUint8(at + 6 + i);
        out[to + i] = d * (((pair & 15) | (((high >>> i) & 1) << 4)) - 16);
        out[to + i + 16] = d * (((pair >> 4) | (((high >>> (i + 16)) & 1) << 4)) - 16);
      }
    },
  },
  // Scale d, least value m; 32 fifth bits; 32 nibbles: d q + m
  7: {
    name: 'Q5_1',
    elements: 32,
    bytes: 24,
    read(v, at, out, to) {
      const d = half(v, at);
      const m = half(v, at + 2);
      const high = v.getUint32(at + 4, true);
      for (let i = 0; i < 16; i++) {
        const pair = v.getUint8(at + 8 + i);
        out[to + i] = fround(d * ((pair & 15) | (((high >>> i) & 1) << 4))) + m;
        out[to + i + 16] = fround(d * ((pair >> 4) | (((high >>> (i + 16)) & 1) << 4))) + m;
      }
    },
  },
  // Scale d; 32 signed bytes: d q
  8: {
    name: 'Q8_0',
    elements: 32,
    bytes: 34,
    read(v, at, out, to) {
      const d = half(v, at);
      for (let i = 0; i < 32; i++) out[to + i] = d * v.getInt8(at + 2 + i);
    },
  },
  // Scales d and dmin; 8 pairs (scale, least) of 6 bits; 256 nibbles: d scale q - dmin least
  12: {
    name: 'Q4_K',
    elements: 256,
    bytes: 144,
    read(v, at, out, to) {
      const d = half(v, at);
      const dmin = half(v, at + 2);
      for (let sub = 0; sub < 8; sub++) {
        const scale = fround(d * sixBitScale(v, at + 4, sub));
        const least = fround(dmin * sixBitLeast(v, at + 4, sub));
        const nibbles = at + 16 + (sub >> 1) * 32;
        for (let i = 0; i < 32; i++) {
          const pair = v.getUint8(nibbles + i);
          out[to + sub * 32 + i] = fround(scale * (sub & 1 ? pair >> 4 : pair & 15)) - least;
        }
      }
    },
  },
  // As Q4_K with 256 fifth bits before the nibbles, bit `sub` of each of 32 bytes
  13: {
    name: 'Q5_K',
    elements: 256,
    bytes: 176,
    read(v, at, out, to) {
      const d = half(v, at);
      const dmin = half(v, at + 2);
      for (let sub = 0; sub < 8; sub++) {
        const scale = fround(d * sixBitScale(v, at + 4, sub));
        const least = fround(dmin * sixBitLeast(v, at + 4, sub));
        const nibbles = at + 48 + (sub >> 1) * 32;
        for (let i = 0; i < 32; i++) {
          const pair = v.getUint8(nibbles + i);
          const fifth = ((v.getUint8(at + 16 + i) >> sub) & 1) << 4;
          out[to + sub * 32 + i] = fround(scale * ((sub & 1 ? pair >> 4 : pair & 15) + fifth)) - least;
        }
      }
    },
  },
  // 256 low nibbles, 256 high pairs of bits, 16 signed scales, scale d: d scale (q - 32)
  14: {
    name: 'Q6_K',
    elements: 256,
    bytes: 210,
    read(v, at, out, to) {
      const d = half(v, at + 208);
      for (let i = 0; i < 256; i++) {
        const part = i >> 7; // halves of 128
        const quarter = (i >> 5) & 3; // of 32 within it
        const low = v.getUint8(at + part * 64 + (i & 31) + (quarter & 1) * 32);
        const high = v.getUint8(at + 128 + part * 32 + (i & 31));
        const q = (quarter & 2 ? low >> 4 : low & 15) | (((high >> (quarter * 2)) & 3) << 4);
        const scale = v.getInt8(at + 192 + (i >> 4));
        out[to + i] = fround(d * scale) * (q - 32);
      }
    },
  },
};

function half(view: DataView, at: number): number {
  return halfTable()[view.getUint16(at, true)] ?? 0;
}

/** Eight scales and eight least values of 6 bits in 12 bytes: the last four are spread over what the first leave. */
function sixBitScale(v: DataView, at: number, sub: number): number {
  if (sub < 4) return v.getUint8(at + sub) & 63;
  return (v.getUint8(at + sub + 4) & 15) | ((v.getUint8(at + sub - 4) >> 6) << 4);
}

function sixBitLeast(v: DataView, at: number, sub: number): number {
  if (sub < 4) return v.getUint8(at + sub + 4) & 63;
  return (v.getUint8(at + sub + 4) >> 4) | ((v.getUint8(at + sub) >> 6) << 4);
}

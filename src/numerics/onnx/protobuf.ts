// The few kinds of protobuf field that an ONNX file is made of (wire format of protobuf.dev/programming-guides/encoding).

const text = new TextEncoder();

function varint(value: number | bigint): Uint8Array {
  // Negative numbers are written as 64-bit two's complement: ten bytes.
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function integerField(field: number, value: number | bigint): Uint8Array {
  return joinBytes([varint(field << 3), varint(value)]);
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinBytes([varint((field << 3) | 5), bytes]);
}

export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return joinBytes([varint((field << 3) | 2), varint(value.length), value]);
}

export function textField(field: number, value: string): Uint8Array {
  return bytesField(field, text.encode(value));
}

/** A message inside a message. */
export function messageField(field: number, parts: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, joinBytes(parts));
}

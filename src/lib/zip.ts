// Reads single members out of a zip, a file or bytes in memory, checked by length and CRC. It unpacks nothing to disk.
// Source: PKWARE's APPNOTE.TXT (central directory, zip64 extra field).
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { decodeCodePage437 } from './code-page-437.ts';

export interface ZipMember {
  name: string;
  /** Bytes once unpacked. */
  size: number;
  compressedSize: number;
  crc: number;
  method: number;
  headerOffset: number;
  /** Packed with a password, which is not supported. */
  encrypted: boolean;
}

/** `fault` is `broken` for a file that is no whole zip, `missing` for a member that is not in it. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
  readonly fault: 'broken' | 'missing';

  constructor(fault: 'broken' | 'missing', message: string) {
    super(message);
    this.fault = fault;
  }
}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX32 = 0xffffffff;

/** The members of a file, in the order of the central directory. @throws ZipError */
export async function listZip(path: string): Promise<ZipMember[]> {
  const file = await open(path, 'r');
  try {
    return await list(
      {
        size: (await file.stat()).size,
        async read(position, length) {
          const bytes = Buffer.alloc(length);
          for (let filled = 0; filled < length; ) {
            const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
            if (bytesRead === 0) return bytes.subarray(0, filled);
            filled += bytesRead;
          }
          return bytes;
        },
      },
      path,
    );
  } finally {
    await file.close();
  }
}

/** The members of a zip in memory. @param name stands in the messages of errors. @throws ZipError */
export function listZipBytes(bytes: Uint8Array, name: string): Promise<ZipMember[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = async (position: number, length: number) => buffer.subarray(position, position + length);
  return list({ size: buffer.length, read }, name);
}

interface Source {
  size: number;
  /** Fewer bytes than asked for at the end. */
  read(position: number, length: number): Promise<Buffer>;
}

async function list(source: Source, path: string): Promise<ZipMember[]> {
  const whole = async (position: number, length: number) => {
    const bytes = await source.read(position, length);
    if (bytes.length < length) throw broken(path, 'it ends too early');
    return bytes;
  };
  const tailStart = Math.max(0, source.size - 65_557);
  const tail = await whole(tailStart, source.size - tailStart);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== END)
    throw broken(path, 'it has no end record');
  let count = tail.readUInt16LE(end + 10);
  let length = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  if (end >= 20 && tail.readUInt32LE(end - 20) === END64_LOCATOR) {
    const record = await whole(big(tail, end - 12), 56);
    if (record.readUInt32LE(0) !== END64) throw broken(path, 'its zip64 record is not where it should be');
    count = big(record, 32);
    length = big(record, 40);
    offset = big(record, 48);
  }
  if (offset + length > source.size) throw broken(path, 'its directory lies beyond its end');
  return parseDirectory(await whole(offset, length), count, path);
}

function parseDirectory(bytes: Buffer, count: number, path: string): ZipMember[] {
  const members: ZipMember[] = [];
  for (let at = 0, i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL)
      throw broken(path, 'its directory is cut short');
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const member: ZipMember = {
      name: memberName(bytes.subarray(at + 46, at + 46 + nameLength), bytes.readUInt16LE(at + 8)),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) !== 0,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      compressedSize: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      headerOffset: bytes.readUInt32LE(at + 42),
    };
    readZip64(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), member);
    members.push(member);
    at += 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
  }
  return members;
}

/** Bit 11 says UTF-8. Older programs write it without the bit, or write the code page of DOS. */
function memberName(bytes: Buffer, flags: number): string {
  if ((flags & 0x800) !== 0 || isUtf8(bytes)) return bytes.toString('utf8');
  return decodeCodePage437(bytes);
}

/** The zip64 extra field holds, in this order, only those values that did not fit into 32 bits. */
function readZip64(extra: Buffer, member: ZipMember): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    for (const field of ['size', 'compressedSize', 'headerOffset'] as const) {
      if (member[field] !== MAX32 || next + 8 > extra.length) continue;
      member[field] = big(extra, next);
      next += 8;
    }
  }
}

/**
 * The bytes of a member. The last step throws when length or CRC differ from what the directory states, so a reader
 * must not trust the bytes before the end.
 * @throws ZipError
 */
export async function* readZipMember(
  path: string,
  member: ZipMember,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  checkMethod(member, path);
  const file = await open(path, 'r');
  let start: number;
  try {
    const header = Buffer.alloc(30);
    const { bytesRead } = await file.read(header, 0, 30, member.headerOffset);
    start = dataStart(header.subarray(0, bytesRead), member, path);
  } finally {
    await file.close();
  }
  let size = 0;
  let crc = 0;
  if (member.compressedSize > 0) {
    const raw = createReadStream(path, {
      start,
      end: start + member.compressedSize - 1,
      highWaterMark: 1 << 18,
      ...(signal && { signal }),
    });
    const unpacked = member.method === 0 ? raw : raw.pipe(createInflateRaw({ chunkSize: 1 << 18 }));
    raw.on('error', (error) => unpacked.destroy(error));
    try {
      for await (const chunk of unpacked as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > member.size) throw broken(path, `${member.name} is longer than the directory says`);
        crc = crc32(chunk, crc);
        yield chunk;
      }
    } catch (error) {
      throw unpackError(error, member, path);
    } finally {
      raw.destroy();
    }
  }
  checkWhole({ size, crc }, member, path);
}

/**
 * The bytes of a member of a zip in memory, at once. It never makes more than `member.size` bytes, so a caller limits
 * memory by looking at that first.
 * @throws ZipError
 */
export function readZipBytes(bytes: Uint8Array, member: ZipMember, name: string): Buffer {
  checkMethod(member, name);
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = dataStart(all.subarray(member.headerOffset, member.headerOffset + 30), member, name);
  if (start + member.compressedSize > all.length) throw broken(name, `${member.name} ends too early`);
  const packed = all.subarray(start, start + member.compressedSize);
  let data = packed;
  if (member.method === 8) {
    try {
      data = inflateRawSync(packed, { maxOutputLength: Math.max(1, member.size) });
    } catch (error) {
      throw unpackError(error, member, name);
    }
  }
  checkWhole({ size: data.length, crc: crc32(data) }, member, name);
  return data;
}

function checkMethod(member: ZipMember, path: string): void {
  if (member.method === 0 || member.method === 8) return;
  throw broken(
    path,
    `${member.name} is packed with method ${member.method}, which is neither stored nor deflated`,
  );
}

function dataStart(header: Buffer, member: ZipMember, path: string): number {
  if (header.length < 30 || header.readUInt32LE(0) !== LOCAL)
    throw broken(path, `${member.name} is not where the directory says`);
  return member.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function checkWhole(made: { size: number; crc: number }, member: ZipMember, path: string): void {
  if (made.size !== member.size)
    throw broken(path, `${member.name} has ${made.size} bytes instead of ${member.size}`);
  if (made.crc !== member.crc) throw broken(path, `the checksum of ${member.name} is wrong`);
}

function unpackError(error: unknown, member: ZipMember, path: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const code = String(error.code);
  if (code === 'ERR_BUFFER_TOO_LARGE')
    return broken(path, `${member.name} is longer than the directory says`);
  return code.startsWith('Z_') ? broken(path, `${member.name} cannot be unpacked (${error.message})`) : error;
}

function big(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

function broken(path: string, why: string): ZipError {
  return new ZipError('broken', `${path} is not a whole zip file: ${why}.`);
}

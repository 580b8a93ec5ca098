// Reads single members out of a zip file as streams, checked by length and CRC. It unpacks nothing to disk.
// Source: PKWARE's APPNOTE.TXT (central directory, zip64 extra field).
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';

export interface ZipMember {
  name: string;
  /** Bytes once unpacked. */
  size: number;
  compressedSize: number;
  crc: number;
  method: number;
  headerOffset: number;
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

/** The members, in the order of the central directory. @throws ZipError */
export async function listZip(path: string): Promise<ZipMember[]> {
  const file = await open(path, 'r');
  try {
    const size = (await file.stat()).size;
    const tailStart = Math.max(0, size - 65_557);
    const tail = await read(file, tailStart, size - tailStart, path);
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== END)
      throw broken(path, 'it has no end record');
    let count = tail.readUInt16LE(end + 10);
    let length = tail.readUInt32LE(end + 12);
    let offset = tail.readUInt32LE(end + 16);
    if (end >= 20 && tail.readUInt32LE(end - 20) === END64_LOCATOR) {
      const record = await read(file, big(tail, end - 12), 56, path);
      if (record.readUInt32LE(0) !== END64) throw broken(path, 'its zip64 record is not where it should be');
      count = big(record, 32);
      length = big(record, 40);
      offset = big(record, 48);
    }
    if (offset + length > size) throw broken(path, 'its directory lies beyond its end');
    return parseDirectory(await read(file, offset, length, path), count, path);
  } finally {
    await file.close();
  }
}

function parseDirectory(bytes: Buffer, count: number, path: string): ZipMember[] {
  const members: ZipMember[] = [];
  for (let at = 0, i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL)
      throw broken(path, 'its directory is cut short');
    const nameLength = bytes.readUInt16LE(at + 28);
    const extraLength = bytes.readUInt16LE(at + 30);
    const member: ZipMember = {
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
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
  if (member.method !== 0 && member.method !== 8) {
    throw broken(
      path,
      `${member.name} is packed with method ${member.method}, which is neither stored nor deflated`,
    );
  }
  const file = await open(path, 'r');
  let start: number;
  try {
    const header = await read(file, member.headerOffset, 30, path);
    if (header.readUInt32LE(0) !== LOCAL)
      throw broken(path, `${member.name} is not where the directory says`);
    start = member.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
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
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
        throw broken(path, `${member.name} cannot be unpacked (${error.message})`);
      }
      throw error;
    } finally {
      raw.destroy();
    }
  }
  if (size !== member.size) throw broken(path, `${member.name} has ${size} bytes instead of ${member.size}`);
  if (crc !== member.crc) throw broken(path, `the checksum of ${member.name} is wrong`);
}

function big(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

function broken(path: string, why: string): ZipError {
  return new ZipError('broken', `${path} is not a whole zip file: ${why}.`);
}

async function read(file: FileHandle, position: number, length: number, path: string): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) throw broken(path, 'it ends too early');
    filled += bytesRead;
  }
  return bytes;
}

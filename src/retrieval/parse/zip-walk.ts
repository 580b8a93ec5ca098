// The files of a zip, one after the other and nothing on disk: names that stay inside, zips within zips, and limits that
// a bomb meets before the memory does.
import { AtelierError } from '../../contracts/errors.ts';
import {
  listZip,
  listZipBytes,
  readZipBytes,
  readZipMember,
  ZipError,
  type ZipMember,
} from '../../lib/zip.ts';
import { extensionOf } from './detect-kind.ts';
import { isIgnoredName, type SkipReason } from './folder-walk.ts';
import { broken } from './parser.ts';

export type ZipEntry =
  | {
      type: 'file' /** Inside the zip, parted by "/"; of a zip in a zip, its name comes first. */;
      name: string;
      bytes: Uint8Array;
    }
  | { type: 'skipped'; name: string; reason: SkipReason };

export interface ZipWalkLimits {
  files: number;
  /** Of all files together, once unpacked. */
  bytes: number;
  /** Of one file, once unpacked; a larger one is skipped. */
  fileBytes: number;
  /** How many times its packed size a file may be, beyond the first megabyte. */
  ratio: number;
  /** How deep zips may stand in zips. */
  depth: number;
}

const MB = 1024 * 1024;

export const defaultZipLimits: ZipWalkLimits = {
  files: 20_000,
  bytes: 4096 * MB,
  fileBytes: 200 * MB,
  ratio: 200,
  depth: 3,
};

/**
 * @param zip a path, or the bytes of one
 * @throws AtelierError document_broken, document_too_large (a limit, or a bomb), cancelled
 */
export async function* walkZip(
  zip: { name: string } & ({ path: string } | { bytes: Uint8Array }),
  options: { limits?: Partial<ZipWalkLimits>; signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ZipEntry> {
  const limits = { ...defaultZipLimits, ...options.limits };
  const { signal } = options;
  const total = { files: 0, bytes: 0 };

  function admit(member: ZipMember): void {
    const allowed = Math.max(MB, member.compressedSize * limits.ratio);
    if (member.size > allowed) throw bomb(zip.name, member.name, 'ratio', member.size, allowed);
    total.files++;
    if (total.files > limits.files) throw bomb(zip.name, member.name, 'files', total.files, limits.files);
    total.bytes += member.size;
    if (total.bytes > limits.bytes) throw bomb(zip.name, member.name, 'bytes', total.bytes, limits.bytes);
  }

  async function* walk(source: Source, prefix: string, depth: number): AsyncGenerator<ZipEntry> {
    for (const member of await source.list()) {
      if (signal?.aborted) throw new AtelierError('cancelled', `Unpacking ${zip.name} was cancelled.`);
      if (/[/\\]$/.test(member.name)) continue;
      const inside = containedName(member.name);
      const name = prefix + (inside ?? member.name);
      if (inside === null) yield { type: 'skipped', name, reason: 'outside' };
      else if (inside.split('/').some(isIgnoredName)) yield { type: 'skipped', name, reason: 'hidden' };
      else if (member.encrypted) yield { type: 'skipped', name, reason: 'encrypted' };
      else if (member.size > limits.fileBytes) yield { type: 'skipped', name, reason: 'too-large' };
      else {
        admit(member);
        let bytes: Uint8Array;
        try {
          bytes = await source.read(member);
        } catch (error) {
          if (!(error instanceof ZipError)) throw error;
          yield { type: 'skipped', name, reason: 'unreadable' };
          continue;
        }
        if (extensionOf(inside) !== 'zip') yield { type: 'file', name, bytes };
        else if (depth >= limits.depth) throw bomb(zip.name, member.name, 'depth', depth + 1, limits.depth);
        else yield* walk(sourceOf({ name, bytes }, signal), `${name}/`, depth + 1);
      }
    }
  }

  yield* walk(sourceOf(zip, signal), '', 1);
}

interface Source {
  list(): Promise<ZipMember[]>;
  read(member: ZipMember): Promise<Uint8Array>;
}

function sourceOf(
  zip: { name: string } & ({ path: string } | { bytes: Uint8Array }),
  signal: AbortSignal | undefined,
): Source {
  const list = async () => {
    try {
      return 'path' in zip ? await listZip(zip.path) : await listZipBytes(zip.bytes, zip.name);
    } catch (error) {
      if (error instanceof ZipError) throw broken(zip.name, 'it is not a whole zip file', error);
      throw error;
    }
  };
  if ('bytes' in zip) return { list, read: async (member) => readZipBytes(zip.bytes, member, zip.name) };
  return {
    list,
    async read(member) {
      const parts: Buffer[] = [];
      for await (const part of readZipMember(zip.path, member, signal)) parts.push(part);
      return Buffer.concat(parts);
    },
  };
}

/** The name as a path that stays inside, or null for one that leads elsewhere. */
export function containedName(name: string): string | null {
  const plain = name.replaceAll('\\', '/');
  if (plain.startsWith('/') || /^[A-Za-z]:/.test(plain) || plain.includes('\0')) return null;
  const parts = plain.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? null : parts.join('/');
}

function bomb(
  zip: string,
  member: string,
  limit: keyof ZipWalkLimits,
  found: number,
  allowed: number,
): AtelierError {
  return new AtelierError(
    'document_too_large',
    `${zip} unpacks to more than is allowed at ${member} (${limit}: ${found}, and the limit is ${allowed}). Add its files in parts.`,
    { data: { name: zip, member, limit, found, allowed } },
  );
}

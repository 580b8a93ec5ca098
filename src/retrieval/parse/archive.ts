// The packed formats (DOCX, XLSX, ODT, EPUB, ...) seen as parts by name, under the limits on what unpacking may make.
import { listZipBytes, readZipBytes, ZipError, type ZipMember } from '../../lib/zip.ts';
import { decodeText } from './decode-text.ts';
import { overLimit } from './limits.ts';
import { type Element, parseMarkup } from './markup.ts';
import { broken, encrypted, type ParseInput } from './parser.ts';

export interface Archive {
  names: string[];
  /** @returns null when there is no such part. @throws document_broken, document_encrypted, document_too_large */
  bytes(name: string): Buffer | null;
  text(name: string): string | null;
  xml(name: string): Element | null;
}

const FREE_BYTES = 1024 * 1024;
const MOST_PARTS = 20_000;

type ArchiveInput = Pick<ParseInput, 'name' | 'bytes' | 'limits'>;

export async function openArchive({ name, bytes, limits }: ArchiveInput): Promise<Archive> {
  const members = await reading(name, () => listZipBytes(bytes, name));
  if (members.length > MOST_PARTS)
    overLimit('unpackedBytes', `${name} has too many parts`, members.length, MOST_PARTS);
  const byName = new Map(members.map((member) => [member.name.replace(/^\/+/, ''), member]));
  let unpacked = 0;

  function admit(member: ZipMember): void {
    if (member.encrypted) throw encrypted(name);
    const allowed = Math.max(FREE_BYTES, member.compressedSize * limits.unpackRatio);
    if (member.size > allowed)
      overLimit('unpackRatio', `${member.name} in ${name} unpacks to too many bytes`, member.size, allowed);
    unpacked += member.size;
    if (unpacked > limits.unpackedBytes)
      overLimit('unpackedBytes', `${name} unpacks to too many bytes`, unpacked, limits.unpackedBytes);
  }

  const archive: Archive = {
    names: [...byName.keys()],
    bytes(part) {
      const member = byName.get(part);
      if (!member) return null;
      admit(member);
      try {
        return readZipBytes(bytes, member, name);
      } catch (error) {
        throw zipFault(name, error);
      }
    },
    text(part) {
      const data = archive.bytes(part);
      return (
        data &&
        decodeText(data, /^<\?xml[^>]*encoding=["']([\w-]+)/.exec(data.toString('latin1', 0, 200))?.[1]).text
      );
    },
    xml(part) {
      const text = archive.text(part);
      return text === null ? null : parseMarkup(text, { xml: true });
    },
  };
  return archive;
}

async function reading<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw zipFault(name, error);
  }
}

function zipFault(name: string, error: unknown): unknown {
  return error instanceof ZipError
    ? broken(name, 'it is not a whole zip file, which this format is', error)
    : error;
}

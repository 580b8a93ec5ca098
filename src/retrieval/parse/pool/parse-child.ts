// A process that parses one document at a time. It knows no limit on time: the pool ends it when it takes too long.
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ParsedDocument } from '../../../contracts/document.ts';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import { overLimit, type ParseLimits } from '../limits.ts';
import { parseDocument } from '../parse-document.ts';
import type { ParseFile, ParseReply, ParseRequest } from './messages.ts';
import { startWatchdog } from './watchdog.ts';

startWatchdog();

async function read(file: ParseFile, limits: ParseLimits): Promise<Uint8Array> {
  if ('bytes' in file) return file.bytes;
  try {
    const { size } = await stat(file.path);
    if (size > limits.inputBytes)
      overLimit('inputBytes', `${basename(file.name)} has too many bytes`, size, limits.inputBytes);
    return await readFile(file.path);
  } catch (error) {
    if (error instanceof AtelierError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new AtelierError('storage_failed', `${file.name} cannot be opened: ${why}.`, {
      data: { name: file.name },
      cause: error,
    });
  }
}

async function parse({ file, limits }: ParseRequest): Promise<ParsedDocument> {
  return parseDocument({ name: file.name, bytes: await read(file, limits) }, limits);
}

process.on('message', async (request: ParseRequest) => {
  let reply: ParseReply;
  try {
    reply = { document: await parse(request) };
  } catch (error) {
    reply = { error: toAtelierError(error).toJSON() };
  }
  // A channel that is closed means that the pool is gone, and the watchdog ends this process.
  if (process.connected) process.send?.(reply, () => {});
});

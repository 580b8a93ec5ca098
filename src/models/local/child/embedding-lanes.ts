// Who reads the next text. A text that comes alone has all threads. Where several wait, two are read at once with half
// of the threads each: threads on one text wait for each other, so that whatever else takes one core for a moment stops
// them all, and two texts on threads of their own do not stop each other. Calls take turns text by text, so that a
// question never waits for all passages of a document.

export interface TextReader {
  calculateInputLength(text: string): number;
  getEmbeddingFor(text: string): Promise<{ readonly vector: readonly number[] }>;
  dispose(): Promise<void>;
}

export interface EmbeddingLanes {
  /** `check` gets a text's tokens when its turn has come. @throws what it throws; the rest of the call is dropped */
  embed(
    texts: readonly string[],
    check: (index: number, tokens: number) => void,
  ): Promise<(readonly number[])[]>;
}

export interface EmbeddingLanesOptions {
  /** Takes milliseconds, and a reader some hundred megabytes. */
  create(threads: number): Promise<TextReader>;
  /** For a text that comes alone. */
  threads: number;
  /** Of two texts at once, together. */
  maxThreads: number;
  /** Whether there is memory for a second reader now. */
  hasRoom(): boolean;
  /** After so long without a text there is one reader again. */
  idleMs?: number;
}

interface Call {
  texts: readonly string[];
  check(index: number, tokens: number): void;
  /** The text that comes next. */
  at: number;
  unread: number;
  vectors: (readonly number[])[];
  done(vectors: (readonly number[])[]): void;
  failed(reason: unknown): void;
}

/** Texts that are read at the same time at most. */
export const LANES = 2;

export async function createEmbeddingLanes(options: EmbeddingLanesOptions): Promise<EmbeddingLanes> {
  const { create, threads, maxThreads, hasRoom, idleMs = 2_000 } = options;
  const half = Math.floor(maxThreads / LANES);
  /** Calls with texts that nobody reads yet. */
  const queue: Call[] = [];
  let readers = [await create(threads)];
  let free = [...readers];
  let changing = false;
  let woken = false;
  let idle: NodeJS.Timeout | undefined;

  const isQuiet = () => free.length === readers.length;
  const severalWait = () => queue.reduce((sum, { texts, at }) => sum + texts.length - at, 0) > 1;

  /** One reader with all threads, or two with half of them. Throws when not even one can be had. */
  async function change(lanes: number): Promise<void> {
    const old = readers;
    readers = [];
    free = [];
    changing = true;
    try {
      for (const reader of old) await reader.dispose();
      for (let lane = 0; lane < lanes; lane++) readers.push(await create(lanes === 1 ? threads : half));
    } catch (error) {
      // Without memory for two it goes on with what there is.
      if (lanes === 1) throw error;
      if (readers.length === 0) readers.push(await create(threads));
    } finally {
      free = [...readers];
      changing = false;
    }
  }

  async function next(): Promise<void> {
    woken = false;
    if (changing || queue.length === 0) return;
    clearTimeout(idle);
    try {
      if (readers.length === 0) await change(1);
      if (isQuiet() && readers.length === 1 && half >= 1 && severalWait() && hasRoom()) await change(LANES);
    } catch (error) {
      for (const { failed } of queue.splice(0)) failed(error);
    }
    while (queue.length > 0) {
      const reader = free.pop();
      if (reader === undefined) return;
      void read(reader);
    }
  }

  async function read(reader: TextReader): Promise<void> {
    const call = queue.shift();
    if (call === undefined) throw new Error('A reader was sent for a text when none waited.');
    const index = call.at++;
    if (call.at < call.texts.length) queue.push(call);
    const text = call.texts[index] ?? '';
    try {
      call.check(index, reader.calculateInputLength(text));
      call.vectors[index] = (await reader.getEmbeddingFor(text)).vector;
      if (--call.unread === 0) call.done(call.vectors);
    } catch (error) {
      const place = queue.indexOf(call);
      if (place >= 0) queue.splice(place, 1);
      call.failed(error);
    }
    free.push(reader);
    if (queue.length > 0) wake();
    else if (isQuiet() && readers.length > 1) idle = setTimeout(() => void rest(), idleMs).unref();
  }

  async function rest(): Promise<void> {
    if (changing || !isQuiet() || queue.length > 0) return;
    // Where it fails, whoever comes next tries again and is told.
    await change(1).catch(() => {});
    wake();
  }

  /** After what comes in this moment stands in the queue. */
  function wake(): void {
    if (woken) return;
    woken = true;
    queueMicrotask(() => void next());
  }

  return {
    embed: (texts, check) =>
      new Promise((done, failed) => {
        if (texts.length === 0) return done([]);
        queue.push({ texts, check, at: 0, unread: texts.length, vectors: [], done, failed });
        wake();
      }),
  };
}

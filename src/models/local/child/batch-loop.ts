// Continuous batching: every answer of a loaded model advances in one loop, one batch at a time. A prompt is read in
// turns of at most 64 tokens, so that a long one stalls nobody, and a cancelled answer is gone after the batch that is
// under way. What waits for a sequence stands in line, first come, first served, and is told its place.
import { type AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import type { PromptToken, TokenLogprob } from '../../../contracts/model.ts';
import type { GenerateSpec, GenerationEvent, TokenScores } from '../engine-protocol.ts';
import { type AnswerText, createAnswerText } from './answer-text.ts';
import type { BatchBackend, BatchPart, Picker } from './backend.ts';
import { sharePrompts } from './batch-plan.ts';
import { chooseSlot, commonPrefix, type Slot } from './slots.ts';
import type { TokenBytes } from './token-bytes.ts';

export interface BatchJob {
  id: number;
  /** The prompt's tokens. */
  prompt: readonly number[];
  spec: GenerateSpec;
  /** Where the caller's own prompt begins: 1 behind a beginning-of-sequence token that was put before it. */
  ownFrom: number;
  /** Already capped to the room that the prompt leaves. */
  maxOutputTokens: number;
  trimLeadingSpace: boolean;
}

export interface BatchLoop {
  add(job: BatchJob): void;
  cancel(id: number): void;
}

export interface BatchLoopOptions {
  backend: BatchBackend;
  bytes: TokenBytes;
  sequences: number;
  /** Everything that one step brought. */
  emit(events: { id: number; event: GenerationEvent }[]): void;
  now?: () => number;
}

/** An answer that has a sequence. */
interface Active {
  job: BatchJob;
  slot: Slot;
  picker: Picker;
  text: AnswerText;
  read: number;
  cached: number;
  /** The token that was chosen last and is not in the sequence yet; null while the prompt is being read. */
  next: number | null;
  output: number[];
  echoed: PromptToken[];
  scores: TokenScores | null;
  cancelled: boolean;
  addedAt: number;
  startedAt: number;
  firstTokenAt: number | null;
}

interface Waiting {
  job: BatchJob;
  addedAt: number;
}

export function createBatchLoop(options: BatchLoopOptions): BatchLoop {
  const { backend, bytes } = options;
  const now = options.now ?? (() => performance.now());
  const slots: Slot[] = Array.from({ length: options.sequences }, (_, sequence) => ({
    sequence,
    tokens: [],
    busy: false,
    lastUsed: sequence - options.sequences,
  }));
  const waiting: Waiting[] = [];
  const active: Active[] = [];
  let outbox: { id: number; event: GenerationEvent }[] = [];
  let running = false;
  let turn = 0;

  const tell = (id: number, event: GenerationEvent) => outbox.push({ id, event });
  const flush = () => {
    if (outbox.length === 0) return;
    const events = outbox;
    outbox = [];
    options.emit(events);
  };

  const tellPlaces = (from: number) => {
    for (let i = from; i < waiting.length; i++) {
      const entry = waiting[i];
      if (entry !== undefined) tell(entry.job.id, { type: 'queued', place: i + 1 });
    }
  };

  async function start({ job, addedAt }: Waiting, slot: Slot): Promise<void> {
    slot.busy = true;
    const { sampling, grammar, stop } = job.spec;
    const output: number[] = [];
    try {
      const recent = (window: number): readonly number[] => {
        if (sampling.repeatPenalty === 1 || output.length >= window) return output.slice(-window);
        return [...job.prompt.slice(output.length - window), ...output];
      };
      const picker = await backend.createPicker(sampling, grammar, recent);
      // At least one token has to be read anew: its logits choose the first token of the answer.
      const wanted = readsAll(job.spec)
        ? 0
        : Math.min(commonPrefix(slot.tokens, job.prompt), job.prompt.length - 1);
      const kept = wanted === slot.tokens.length ? wanted : backend.keep(slot.sequence, wanted);
      slot.tokens.length = kept;
      slot.lastUsed = ++turn;
      active.push({
        job,
        slot,
        picker,
        text: createAnswerText(stop, { trimLeadingSpace: job.trimLeadingSpace }),
        read: kept,
        cached: kept,
        next: null,
        output,
        echoed: [],
        scores: job.spec.score === undefined ? null : emptyScores(job.prompt.length, job.spec.score),
        cancelled: false,
        addedAt,
        startedAt: now(),
        firstTokenAt: null,
      });
      tell(job.id, { type: 'reading', done: kept, total: job.prompt.length });
    } catch (error) {
      slot.busy = false;
      tell(job.id, { type: 'error', error: failure(error).toJSON() });
    }
  }

  async function admit(): Promise<void> {
    let admitted = false;
    for (;;) {
      const entry = waiting[0];
      if (entry === undefined) break;
      const slot = chooseSlot(slots, entry.job.prompt);
      if (slot === null) break;
      waiting.shift();
      admitted = true;
      await start(entry, slot);
    }
    if (admitted) tellPlaces(0);
  }

  function leave(answer: Active): void {
    answer.picker.dispose();
    answer.slot.busy = false;
    active.splice(active.indexOf(answer), 1);
  }

  function finish(
    answer: Active,
    reason: 'end' | 'stop' | 'length' | 'cancelled',
    stop: string | null = null,
  ): void {
    if (reason !== 'stop' && reason !== 'cancelled') {
      const rest = answer.text.end();
      if (rest.text !== '' || rest.logprobs.length > 0) tellDelta(answer, rest);
    }
    const end = now();
    const first = answer.firstTokenAt ?? end;
    tell(answer.job.id, {
      type: 'finish',
      reason,
      ...(stop === null ? {} : { stop }),
      usage: {
        promptTokens: answer.job.prompt.length,
        cachedTokens: answer.cached,
        outputTokens: answer.output.length,
      },
      timings: {
        queueMs: answer.startedAt - answer.addedAt,
        readMs: first - answer.startedAt,
        writeMs: end - first,
      },
    });
    leave(answer);
  }

  function tellDelta(answer: Active, piece: { text: string; logprobs: TokenLogprob[] }): void {
    const withLogprobs = answer.job.spec.topLogprobs !== null && piece.logprobs.length > 0;
    tell(answer.job.id, {
      type: 'delta',
      text: piece.text,
      ...(withLogprobs ? { logprobs: piece.logprobs } : {}),
    });
  }

  function described(token: number): Pick<TokenLogprob, 'token' | 'tokenId' | 'bytes'> {
    const raw = bytes.of(token, true);
    return { token: new TextDecoder().decode(raw), tokenId: token, bytes: [...raw] };
  }

  async function echo(answer: Active, part: BatchPart, places: number[]): Promise<void> {
    const { prompt, ownFrom, spec } = answer.job;
    const top = spec.topLogprobs ?? 0;
    const first = prompt[0];
    if (part.position === 0 && ownFrom === 0 && first !== undefined)
      answer.echoed.push({ ...described(first), logprob: null, top: [] });
    for (const [i, at] of places.entries()) {
      const following = prompt[part.position + i + 1];
      if (following !== undefined) answer.echoed.push(await backend.logprob(at, following, top));
    }
  }

  async function score(scores: TokenScores, job: BatchJob, part: BatchPart, places: number[]): Promise<void> {
    const k = job.spec.score ?? 0;
    for (const [i, at] of places.entries()) {
      const place = part.position + i;
      const following = job.prompt[place + 1] ?? null;
      const { logProbability, top } = await backend.score(at, following, k);
      if (following !== null) scores.logProbabilities[place] = logProbability;
      for (const [rank, { id, probability }] of top.entries()) {
        scores.ids[place * k + rank] = id;
        scores.probabilities[place * k + rank] = probability;
      }
    }
  }

  async function write(answer: Active, at: number): Promise<void> {
    const { job } = answer;
    const begins = answer.firstTokenAt === null;
    if (begins && job.spec.echo) tell(job.id, { type: 'prompt-logprobs', tokens: answer.echoed });
    if (answer.scores !== null) {
      tell(job.id, { type: 'scores', scores: answer.scores });
      return finish(answer, 'length');
    }
    // Nothing is to be written when a prompt is only scored.
    if (job.maxOutputTokens === 0) return finish(answer, 'length');
    const token = await answer.picker.pick(at);
    const top = job.spec.topLogprobs;
    if (begins) {
      answer.firstTokenAt = now();
      tell(job.id, { type: 'writing' });
    }
    if (backend.isEnd(token)) {
      // Who scores a prompt counts one entry for the one token that was asked for, also when that is the end.
      if (job.spec.echo && top !== null)
        answer.text.push(new Uint8Array(0), await backend.logprob(at, token, top, job.spec.restAt));
      return finish(answer, 'end');
    }
    answer.output.push(token);
    answer.next = token;
    const logprob = top === null ? null : await backend.logprob(at, token, top, job.spec.restAt);
    const piece = answer.text.push(bytes.of(token, job.spec.showControlTokens), logprob);
    if (piece.text !== '' || piece.logprobs.length > 0) tellDelta(answer, piece);
    if (piece.stop !== null) return finish(answer, 'stop', piece.stop);
    if (answer.output.length >= job.maxOutputTokens) finish(answer, 'length');
  }

  /** One batch: what is read, what is written, and what comes of it. */
  async function step(): Promise<void> {
    const parts: BatchPart[] = [];
    const owners: Active[] = [];
    const readers = active.filter((answer) => answer.next === null);
    const writers = active.filter((answer) => answer.next !== null);
    const remaining = readers.map((answer) => answer.job.prompt.length - answer.read);
    const shares = sharePrompts(
      remaining,
      writers.length,
      readers.length === 0 ? 0 : turn++ % readers.length,
    );
    for (const answer of writers) {
      parts.push({
        sequence: answer.slot.sequence,
        position: answer.slot.tokens.length,
        tokens: [answer.next ?? 0],
        want: 'last',
      });
      owners.push(answer);
    }
    for (const [i, answer] of readers.entries()) {
      const count = shares[i] ?? 0;
      if (count === 0) continue;
      const last = answer.read + count === answer.job.prompt.length;
      parts.push({
        sequence: answer.slot.sequence,
        position: answer.read,
        tokens: answer.job.prompt.slice(answer.read, answer.read + count),
        want: readsAll(answer.job.spec) ? 'all' : last ? 'last' : 'none',
      });
      owners.push(answer);
    }
    const places = await backend.decode(parts);
    const outcomes = parts.map(async (part, i) => {
      const answer = owners[i];
      if (answer === undefined) return;
      answer.slot.tokens.push(...part.tokens);
      const at = places[i] ?? [];
      try {
        if (answer.next === null) {
          answer.read += part.tokens.length;
          tell(answer.job.id, { type: 'reading', done: answer.read, total: answer.job.prompt.length });
          if (answer.job.spec.echo) await echo(answer, part, at);
          if (answer.scores !== null) await score(answer.scores, answer.job, part, at);
          if (answer.read < answer.job.prompt.length) return;
        }
        const last = at.at(-1);
        if (last !== undefined && !answer.cancelled) await write(answer, last);
      } catch (error) {
        tell(answer.job.id, { type: 'error', error: failure(error).toJSON() });
        leave(answer);
      }
    });
    await Promise.all(outcomes);
  }

  async function run(): Promise<void> {
    running = true;
    try {
      for (;;) {
        for (const answer of active.filter((entry) => entry.cancelled)) finish(answer, 'cancelled');
        await admit();
        flush();
        if (active.length === 0) break;
        try {
          await step();
        } catch (error) {
          // The batch failed as a whole: nobody knows what the sequences hold now.
          const body = failure(error).toJSON();
          for (const answer of [...active]) {
            backend.keep(answer.slot.sequence, 0);
            answer.slot.tokens = [];
            tell(answer.job.id, { type: 'error', error: body });
            leave(answer);
          }
        }
        flush();
      }
    } finally {
      running = false;
    }
    if (waiting.length > 0) void run();
  }

  return {
    add(job) {
      waiting.push({ job, addedAt: now() });
      const free = slots.filter((slot) => !slot.busy).length;
      if (waiting.length > free) {
        tellPlaces(waiting.length - 1);
        flush();
      }
      if (!running) void run();
    },
    cancel(id) {
      const at = waiting.findIndex((entry) => entry.job.id === id);
      const entry = waiting[at];
      if (entry !== undefined) {
        waiting.splice(at, 1);
        const usage = { promptTokens: entry.job.prompt.length, cachedTokens: 0, outputTokens: 0 };
        const timings = { queueMs: now() - entry.addedAt, readMs: 0, writeMs: 0 };
        tell(id, { type: 'finish', reason: 'cancelled', usage, timings });
        tellPlaces(at);
        flush();
        return;
      }
      const answer = active.find((candidate) => candidate.job.id === id);
      if (answer !== undefined) answer.cancelled = true;
    },
  };
}

/** Every token's successor is looked at, so what a sequence remembers is of no use. */
function readsAll({ echo, score }: GenerateSpec): boolean {
  return echo || score !== undefined;
}

function emptyScores(length: number, k: number): TokenScores {
  return {
    logProbabilities: new Float32Array(Math.max(0, length - 1)),
    ids: new Int32Array(length * k),
    probabilities: new Float32Array(length * k),
  };
}

function failure(error: unknown): AtelierError {
  return toAtelierError(error);
}

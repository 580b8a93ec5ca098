// The run log's contract: an append-only list of events a run, stored within 200 ms and watched live.
// It knows nothing of chat, models or HTTP.

import type { Compilable } from 'kysely';
import type { LoggedEvent, Run, RunEvent } from '../contracts/run.ts';

export interface RunStart {
  /** Made by the caller, so that other rows can name it in the same batch. */
  id: string;
  kind: string;
  userId: string;
  conversationId: string | null;
  messageId: string | null;
  /** Name of the agent that runs. */
  agent?: string | null;
  /** What another process needs to continue it (WorkOrder); JSON. */
  workOrder?: unknown;
}

export interface RunWriter {
  readonly id: string;
  /** Aborted when someone cancels the run (`reason` 'stop') or the program stops ('shutdown'). */
  readonly signal: AbortSignal;
  append(event: RunEvent): void;
  /** What is appended from here on is seen by watchers only once the next `flush` has stored it. */
  hold(): void;
  /** Stores what is pending, together with `statements`, in one batch; durable when it resolves. */
  flush(statements?: readonly Compilable[]): Promise<void>;
  /** Stores what is pending together with `statements` and the run's end, atomically. The last event must be `run-finish`. */
  finish(event: Extract<RunEvent, { type: 'run-finish' }>, statements: readonly Compilable[]): Promise<void>;
  /**
   * Stores what is pending and lets go without an end: the next process, or another one on the same store, takes the run
   * up. Its watchers end.
   */
  leave(): Promise<void>;
}

export interface RunLog {
  /**
   * Stores the run together with `statements` in one batch, then hands out its writer.
   * @throws AtelierError conflict while another living program on the same store writes a run of that conversation
   */
  start(run: RunStart, statements: readonly Compilable[]): Promise<RunWriter>;
  /** @throws AtelierError not_found, also for another person's run */
  get(id: string, userId: string): Promise<Run>;
  /** Every event after `after` (0: all), then live ones until the run ends. No event is missed or doubled. */
  watch(id: string, userId: string, after: number, signal?: AbortSignal): AsyncIterable<LoggedEvent>;
  /** Events as stored, for rebuilding an interrupted answer. */
  events(id: string): Promise<LoggedEvent[]>;
  cancel(id: string, userId: string): Promise<void>;
  /** Runs that nobody writes any more: an earlier process left them, or one of those that share the store and has ended. */
  orphans(): Promise<Run[]>;
  /** What a run was started with; null: nothing. */
  workOrder(id: string): Promise<unknown>;
  /** Takes up one of `orphans`; of several programs exactly one gets it. @throws AtelierError conflict */
  adopt(id: string): Promise<RunWriter>;
  /** Statements that remove the runs of a conversation with their events, for a batch of the caller's. */
  removal(conversationId: string): Compilable[];
  /** Forgets the events of runs that ended before that time; their rows stay. Returns how many runs it was. */
  purge(before: number): Promise<number>;
  /** Aborts what is under way and waits until it is stored, at most `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

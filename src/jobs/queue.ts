// The durable queue's contract. A handler may be run again after a crash: it continues from its checkpoint.
import type { Task, TaskProgress } from '../contracts/task.ts';

export interface JobContext<Payload> {
  readonly id: string;
  readonly payload: Payload;
  /**
   * Aborted on pause, cancel and shutdown; `signal.reason` says which ('pause' | 'cancel' | 'shutdown').
   * A run that stops early because of it must throw: one that returns counts as finished.
   */
  readonly signal: AbortSignal;
  /** What an earlier run of this job left, or null. */
  readonly checkpoint: unknown;
  /** Shown at once, stored at most four times a second. */
  progress(progress: TaskProgress): void;
  /** Another name for what it works on, when that turns out on the way. Stored before it resolves. */
  retitle?(title: string): Promise<void>;
  /** Stored before it resolves. */
  saveCheckpoint(value: unknown): Promise<void>;
}

export interface JobHandler<Payload> {
  kind: string;
  canPause: boolean;
  /** How often a failed run is started again before the job is failed. Default 1: never. */
  attempts?: number;
  /** How many of this kind may run at once in this process. Default 1. */
  concurrency?: number;
  run(context: JobContext<Payload>): Promise<Record<string, unknown> | undefined>;
}

export interface EnqueueOptions {
  title: string;
  /** When a job with this key is open, that one is returned instead of a new one. */
  uniqueKey?: string;
  runAt?: number;
}

export interface Jobs {
  /** @throws Error when the kind is registered twice or after `start`. */
  register<Payload>(handler: JobHandler<Payload>): void;
  /** Takes up what an earlier process left (running becomes queued again) and begins to work. */
  start(): Promise<void>;
  /** @throws AtelierError internal when no handler of the kind is registered */
  enqueue(kind: string, payload: Record<string, unknown>, options: EnqueueOptions): Promise<Task>;
  /** Runs a kind every so often; kept over restarts under its name. */
  schedule(name: string, kind: string, payload: Record<string, unknown>, everyMs: number): Promise<void>;
  list(options?: { open?: boolean; limit?: number }): Promise<Task[]>;
  /** @throws AtelierError not_found */
  get(id: string): Promise<Task>;
  /** Resolves when the handler has let go (5 s at most). @throws AtelierError conflict, not_found */
  pause(id: string): Promise<Task>;
  /** Goes on from the checkpoint: what was paused, or tries again what failed. @throws AtelierError conflict, not_found */
  resume(id: string): Promise<Task>;
  /** Resolves when the handler has let go (5 s at most). @throws AtelierError conflict, not_found */
  cancel(id: string): Promise<Task>;
  /** Called on every change of a task in this process, with its newest state. */
  onChange(listener: (task: Task) => void): () => void;
  /** Resolves when the job has ended, with its last state. @throws AtelierError interrupted when the queue stops first */
  wait(id: string, signal?: AbortSignal): Promise<Task>;
  /** Aborts what runs and waits until it has let go (5 s at most); it is queued again with its checkpoint. */
  stop(): Promise<void>;
}

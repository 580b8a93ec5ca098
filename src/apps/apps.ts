// The applications' contract: typed in and out, with a stream; brought by Atelier or by a file of the user's.
import type { z } from 'zod';
import type { AppBatch, AppEvent, AppFault, AppFigure, AppInfo, OwnFigure } from '../contracts/app.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Task } from '../contracts/task.ts';
import type { CallContext } from '../models/model-call.ts';

/** What an app sees of the world while it runs. Models are reached through the services it was made with. */
export interface AppContext {
  call: CallContext;
  /** A model id or an alias. */
  model: string;
  signal: AbortSignal;
}

/** `run` yields what is known so far and ends with exactly one `output` event; `finish` is added outside. */
export interface AppDefinition<Input = unknown, Output = unknown> {
  readonly name: string;
  readonly title: AppInfo['title'];
  readonly description: AppInfo['description'];
  readonly icon: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  readonly streams: boolean;
  readonly batch: boolean;
  readonly example: AppInfo['example'];
  /** The file of a user's app; absent for one that comes with Atelier. */
  readonly origin?: string;
  run(input: Input, context: AppContext): AsyncIterable<Exclude<AppEvent, { type: 'finish' }>>;
}

export interface RunAppOptions {
  model?: string;
  /** page, api, cli, job */
  source: string;
  parent?: CallContext['parent'];
  signal?: AbortSignal;
}

export interface Apps {
  list(): AppInfo[];
  faults(): AppFault[];
  /** @throws AtelierError not_found */
  get(name: string): AppInfo;
  /** One trace an app run. Rejects before the first event for what is known then. @throws AtelierError not_found, invalid_request */
  stream(who: Identity, name: string, input: unknown, options: RunAppOptions): AsyncIterable<AppEvent>;
  invoke(
    who: Identity,
    name: string,
    input: unknown,
    options: RunAppOptions,
  ): Promise<{ output: unknown; receipt: Extract<AppEvent, { type: 'finish' }>['receipt'] }>;

  /** @throws AtelierError invalid_request (no CSV, a column that is missing), not_found */
  startBatch(
    who: Identity,
    name: string,
    input: {
      fileName: string;
      bytes: Uint8Array;
      columns: AppBatch['columns'];
      fixed: AppBatch['fixed'];
      model: string;
    },
  ): Promise<{ batch: AppBatch; task: Task }>;
  batches(who: Identity, name: string): Promise<AppBatch[]>;
  batch(who: Identity, id: string): Promise<AppBatch>;
  /** The rows of the file with the columns of the output, in the order of the file; what is not done yet is empty. */
  batchCsv(who: Identity, id: string): AsyncIterable<string>;

  figures(): Promise<AppFigure[]>;
  saveFigures(figures: readonly OwnFigure[]): Promise<void>;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

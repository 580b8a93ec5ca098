// The contract of training: estimate, start, watch, pause, resume, cancel.
import type { Identity } from '../../contracts/identity.ts';
import type {
  StoredTrainingEvent,
  TrainingEstimate,
  TrainingInput,
  TrainingRun,
} from '../../contracts/training.ts';
import type { CursorQuery } from '../../store/cursor-page.ts';

export interface Trainings {
  /** Reads the data, tokenises it, and looks at memory and disk; nothing is kept. @throws what `start` throws */
  estimate(who: Identity, input: TrainingInput, signal?: AbortSignal): Promise<TrainingEstimate>;
  /**
   * @throws AtelierError not_found (dataset), invalid_request (a concern that blocks: data.concerns has all of them),
   * conflict (the name is taken)
   */
  start(who: Identity, input: TrainingInput): Promise<TrainingRun>;
  /** Newest first. @throws AtelierError invalid_request (a cursor of another list) */
  list(who: Identity, query?: CursorQuery): Promise<{ runs: TrainingRun[]; nextCursor: string | null }>;
  get(who: Identity, id: string): Promise<TrainingRun>;
  pause(who: Identity, id: string): Promise<TrainingRun>;
  resume(who: Identity, id: string): Promise<TrainingRun>;
  cancel(who: Identity, id: string): Promise<TrainingRun>;
  /** Its checkpoints too; a tuned model that came of it stays. */
  remove(who: Identity, id: string): Promise<void>;
  /** What runs keep of words of people who were forgotten goes; the runs that are under way are cancelled. */
  forgetWords(): Promise<void>;
  events(who: Identity, id: string, after?: number): Promise<StoredTrainingEvent[]>;
  /** What is stored after that number, then what comes, until the run has ended. */
  watch(who: Identity, id: string, after: number, signal: AbortSignal): AsyncIterable<StoredTrainingEvent>;
}

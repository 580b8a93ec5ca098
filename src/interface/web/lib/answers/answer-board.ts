// Answers side by side, each under a key: started, stopped, and read by whoever shows one of them.
import { type AnswerState, foldAnswer, idleAnswer } from './answer-state.ts';
import { type AnswerRequest, streamAnswer } from './stream-answer.ts';

export interface AnswerBoard {
  stateOf(key: string): AnswerState;
  /** Ends what runs under the key. Resolves with the end, whatever it is. */
  run(key: string, request: AnswerRequest): Promise<AnswerState>;
  /** Keeps what was written. Without a key all of them. */
  stop(key?: string): void;
  /** Forgets the answer. */
  clear(key: string): void;
  anyRunning(): boolean;
  subscribe(listener: () => void): () => void;
}

/** How often a column is drawn anew while its answer comes. */
const DRAW_EVERY_MS = 40;

export function createAnswerBoard(stream: typeof streamAnswer = streamAnswer): AnswerBoard {
  const states = new Map<string, AnswerState>();
  const running = new Map<string, AbortController>();
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const tell = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const listener of listeners) listener();
  };
  const tellSoon = () => {
    timer ??= setTimeout(tell, DRAW_EVERY_MS);
  };
  const stateOf = (key: string) => states.get(key) ?? idleAnswer;

  async function run(key: string, request: AnswerRequest): Promise<AnswerState> {
    running.get(key)?.abort();
    const control = new AbortController();
    running.set(key, control);
    const mine = () => running.get(key) === control;
    let state: AnswerState = { ...idleAnswer, status: 'running' };
    const show = (next: AnswerState) => {
      state = next;
      if (mine()) states.set(key, next);
    };
    show(state);
    tell();
    try {
      for await (const events of stream(request, control.signal)) {
        show(foldAnswer(state, events));
        tellSoon();
      }
      // The server was stopped in the middle.
      if (state.status === 'running') show({ ...state, status: 'stopped' });
    } catch (error) {
      show(control.signal.aborted ? { ...state, status: 'stopped' } : { ...state, status: 'failed', error });
    } finally {
      if (mine()) running.delete(key);
      tell();
    }
    return state;
  }

  return {
    stateOf,
    run,
    stop(key) {
      if (key === undefined) for (const control of running.values()) control.abort();
      else running.get(key)?.abort();
    },
    clear(key) {
      running.get(key)?.abort();
      running.delete(key);
      states.delete(key);
      tell();
    },
    anyRunning: () => running.size > 0,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// What the playground keeps in this browser, so that a reload shows it again.
import type { Parameters } from '../../../../../contracts/model.ts';
import type { PromptMessage } from '../../../../../contracts/prompt.ts';
import { type ColumnSetting, MAX_COLUMNS } from '../../../components/answers/columns.tsx';
import type { SweepPlan } from './sweep.ts';

export interface PlaygroundState {
  messages: PromptMessage[];
  columns: ColumnSetting[];
  /** Ask for the probabilities of tokens and colour them. */
  probabilities: boolean;
  next: { model: string; begun: string; temperature: number; topP: number };
  sweep: SweepPlan;
}

/** Alternatives that are asked for with each token. */
export const TOP_SHOWN = 5;
const KEY = 'atelier.playground';

export const startState: PlaygroundState = {
  messages: [
    { role: 'system', text: '' },
    { role: 'user', text: '' },
  ],
  columns: [{ key: '1', model: 'default', parameters: {} }],
  probabilities: true,
  next: { model: 'default', begun: '', temperature: 1, topP: 1 },
  sweep: {
    models: ['default'],
    temperature: '0 0.7 1.2',
    topP: '',
    seed: '1',
    maxOutputTokens: '128',
    inputs: '',
  },
};

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isRole = (value: unknown): value is PromptMessage['role'] =>
  value === 'system' || value === 'user' || value === 'assistant';

/** Fields of the right type over the ones of the start. */
function over<T extends object>(start: T, kept: unknown): T {
  if (!isFields(kept)) return start;
  const good = Object.entries(kept).filter(
    ([key, value]) =>
      key in start &&
      typeof value === typeof start[key as keyof T] &&
      Array.isArray(value) === Array.isArray(start[key as keyof T]),
  );
  return { ...start, ...Object.fromEntries(good) };
}

/** Whatever an earlier version or a hand left there: what cannot be read is as at the start. */
export function readState(text: string | null): PlaygroundState {
  let kept: unknown = null;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    // As at the start.
  }
  if (!isFields(kept)) return startState;
  const messages = (Array.isArray(kept.messages) ? kept.messages : []).filter(
    (one): one is PromptMessage => isFields(one) && isRole(one.role) && typeof one.text === 'string',
  );
  const columns = (Array.isArray(kept.columns) ? kept.columns : [])
    .filter((one): one is ColumnSetting => isFields(one) && typeof one.model === 'string')
    .slice(0, MAX_COLUMNS)
    .map((one, i) => ({
      key: String(i + 1),
      model: one.model,
      parameters: isFields(one.parameters) ? (one.parameters as Parameters) : {},
    }));
  const sweep = over(startState.sweep, kept.sweep);
  return {
    messages: messages.length > 0 ? messages : startState.messages,
    columns: columns.length > 0 ? columns : startState.columns,
    probabilities: typeof kept.probabilities === 'boolean' ? kept.probabilities : true,
    next: over(startState.next, kept.next),
    sweep: { ...sweep, models: sweep.models.filter((model) => typeof model === 'string') },
  };
}

export function loadState(): PlaygroundState {
  try {
    return readState(localStorage.getItem(KEY));
  } catch {
    return startState;
  }
}

export function keepState(state: PlaygroundState): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Private windows may refuse storage: the page then only lives until it is closed.
  }
}

/** Empty messages are not sent. */
export const sentMessages = (messages: readonly PromptMessage[]): PromptMessage[] =>
  messages.filter(({ text }) => text.trim() !== '');

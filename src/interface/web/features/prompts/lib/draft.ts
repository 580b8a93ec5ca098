// A prompt as it is being edited, and the values that were tried with it: kept in this browser until it is saved.
import type { Parameters } from '../../../../../contracts/model.ts';
import type { PromptBody, PromptMessage, PromptVersion } from '../../../../../contracts/prompt.ts';
import { type ColumnSetting, MAX_COLUMNS } from '../../../components/answers/columns.tsx';

export interface Kept {
  /** Null: as the newest version is. */
  draft: PromptBody | null;
  values: Record<string, string>;
  columns: ColumnSetting[];
}

export const bodyOf = ({ messages, model, parameters }: PromptBody | PromptVersion): PromptBody => ({
  messages,
  model,
  parameters,
});

const keyOf = (id: string) => `atelier.prompt.${id}`;
const emptyOf = (model: string): Kept => ({
  draft: null,
  values: {},
  columns: [{ key: '1', model, parameters: {} }],
});

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function draftOf(value: unknown): PromptBody | null {
  if (!isFields(value) || !Array.isArray(value.messages) || value.messages.length === 0) return null;
  const good = value.messages.every(
    (one): one is PromptMessage =>
      isFields(one) &&
      typeof one.text === 'string' &&
      ['system', 'user', 'assistant'].includes(String(one.role)),
  );
  if (!good) return null;
  return {
    messages: value.messages as PromptMessage[],
    model: typeof value.model === 'string' ? value.model : null,
    parameters: isFields(value.parameters) ? (value.parameters as Parameters) : {},
  };
}

/** What cannot be read is as nothing had been kept. `model`: of the first column until another is chosen. */
export function readKept(text: string | null, model = 'default'): Kept {
  const empty = emptyOf(model);
  let value: unknown = null;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    // As nothing.
  }
  if (!isFields(value)) return empty;
  const values = isFields(value.values) ? value.values : {};
  const columns = (Array.isArray(value.columns) ? value.columns : [])
    .filter((one): one is ColumnSetting => isFields(one) && typeof one.model === 'string')
    .slice(0, MAX_COLUMNS)
    .map(({ model, parameters }, index) => ({
      key: String(index + 1),
      model,
      parameters: isFields(parameters) ? (parameters as Parameters) : {},
    }));
  return {
    draft: draftOf(value.draft),
    values: Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    columns: columns.length > 0 ? columns : empty.columns,
  };
}

export function loadKept(id: string, model: string): Kept {
  try {
    return readKept(localStorage.getItem(keyOf(id)), model);
  } catch {
    return emptyOf(model);
  }
}

export function storeKept(id: string, kept: Kept): void {
  try {
    localStorage.setItem(keyOf(id), JSON.stringify(kept));
  } catch {
    // Private windows may refuse storage: what is typed then lives until the page is closed.
  }
}

/** Whether two bodies say the same, in whatever order their settings were set. */
export function sameBody(a: PromptBody, b: PromptBody): boolean {
  const plain = ({ messages, model, parameters }: PromptBody) =>
    JSON.stringify([
      messages.map(({ role, text }) => [role, text]),
      model,
      Object.entries(parameters)
        .filter(([, value]) => value !== undefined)
        .sort(([x], [y]) => x.localeCompare(y)),
    ]);
  return plain(a) === plain(b);
}

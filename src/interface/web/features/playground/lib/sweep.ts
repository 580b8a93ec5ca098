// A sweep: several settings by several inputs. What is run, how many at a time, and what is exported.
import type { Parameters } from '../../../../../contracts/model.ts';
import type { PromptMessage } from '../../../../../contracts/prompt.ts';
import { type AnswerState, answerText } from '../../../lib/answers/answer-state.ts';

/** As a person types it: lists of numbers, and an input a line. */
export interface SweepPlan {
  models: readonly string[];
  temperature: string;
  topP: string;
  seed: string;
  maxOutputTokens: string;
  inputs: string;
}

export interface Setting {
  model: string;
  parameters: Parameters;
}

export const MAX_SETTINGS = 24;
export const MAX_CELLS = 240;

/** Numbers apart by spaces, semicolons or commas; a comma within a number is a decimal one. Null: not numbers. */
export function readNumbers(text: string): number[] | null {
  const words = text
    .split(/[;\s]+|,\s+/)
    .flatMap((word) => (word.includes('.') || word.split(',').length > 2 ? word.split(',') : [word]))
    .filter((word) => word !== '' && word !== ',');
  const numbers = words.map((word) => Number(word.replace(/,$/, '').replace(',', '.')));
  return numbers.every(Number.isFinite) ? [...new Set(numbers)] : null;
}

const varied = {
  temperature: (value: number) => value >= 0 && value <= 2,
  topP: (value: number) => value > 0 && value <= 1,
  seed: (value: number) => Number.isSafeInteger(value) && value >= 0 && value < 2 ** 31,
  maxOutputTokens: (value: number) => Number.isSafeInteger(value) && value > 0 && value < 2 ** 31,
} as const;
export type Varied = keyof typeof varied;
export const variedParameters = Object.keys(varied) as Varied[];

/** Fields that hold something else than numbers in their range. */
export function faultsOf(plan: SweepPlan): Varied[] {
  return variedParameters.filter((name) => !(readNumbers(plan[name])?.every(varied[name]) ?? false));
}

/** Every combination; a field that is empty is left to the model. */
export function settingsOf(plan: SweepPlan): Setting[] {
  let settings: Setting[] = plan.models.map((model) => ({ model, parameters: {} }));
  for (const name of variedParameters) {
    const values = readNumbers(plan[name]) ?? [];
    if (values.length === 0) continue;
    settings = settings.flatMap(({ model, parameters }) =>
      values.map((value) => ({ model, parameters: { ...parameters, [name]: value } })),
    );
  }
  return settings;
}

export const inputsOf = (plan: SweepPlan): string[] => [
  ...new Set(
    plan.inputs
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

const hole = /\{\{\s*input\s*\}\}/g;

/** The input where the messages have `{{input}}`, else in place of the last thing that the person says. */
export function withInput(messages: readonly PromptMessage[], input: string): PromptMessage[] {
  if (messages.some(({ text }) => text.match(hole)))
    return messages.map(({ role, text }) => ({ role, text: text.replace(hole, () => input) }));
  const last = messages.findLastIndex(({ role }) => role === 'user');
  if (last === -1) return [...messages, { role: 'user', text: input }];
  return messages.map((message, i) => (i === last ? { ...message, text: input } : message));
}

export interface Cell {
  key: string;
  setting: Setting;
  input: string;
}

export function cellsOf(settings: readonly Setting[], inputs: readonly string[]): Cell[] {
  return inputs.flatMap((input) =>
    settings.map((setting) => ({
      key: `sweep ${JSON.stringify([setting.model, setting.parameters, input])}`,
      setting,
      input,
    })),
  );
}

/** Runs each, `atOnce` at a time; a signal that fires lets what runs end and starts no more. */
export async function runAll<T>(
  items: readonly T[],
  atOnce: number,
  signal: AbortSignal,
  run: (item: T) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (!signal.aborted && next < items.length) {
      const item = items[next++];
      if (item !== undefined) await run(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}

export interface SweepRow {
  model: string;
  temperature: number | null;
  topP: number | null;
  seed: number | null;
  maxOutputTokens: number | null;
  input: string;
  status: AnswerState['status'];
  output: string;
  inputTokens: number | null;
  outputTokens: number | null;
  timeToFirstTokenMs: number | null;
  durationMs: number | null;
  tokensPerSecond: number | null;
  costNanoDollars: number | null;
  finishReason: string | null;
  traceId: string | null;
}

export function rowOf({ setting, input }: Cell, state: AnswerState): SweepRow {
  const { receipt } = state;
  const { temperature, topP, seed, maxOutputTokens } = setting.parameters;
  return {
    model: receipt?.model ?? setting.model,
    temperature: temperature ?? null,
    topP: topP ?? null,
    seed: seed ?? null,
    maxOutputTokens: maxOutputTokens ?? null,
    input,
    status: state.status,
    output: answerText(state),
    inputTokens: receipt?.usage.input ?? null,
    outputTokens: receipt?.usage.output ?? null,
    timeToFirstTokenMs: receipt?.timeToFirstTokenMs ?? null,
    durationMs: receipt?.durationMs ?? null,
    tokensPerSecond: receipt?.tokensPerSecond ?? null,
    // Unknown is empty and never zero; a local call has no cost either.
    costNanoDollars: receipt?.cost.kind === 'known' ? receipt.cost.nanoDollars : null,
    finishReason: receipt?.finishReason ?? null,
    traceId: state.start?.traceId ?? null,
  };
}

/** A text that a spreadsheet would run as a formula is kept a text. */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** RFC 4180, with a mark of UTF-8 for spreadsheets. */
export function toCsv(rows: readonly SweepRow[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const names = Object.keys(first) as (keyof SweepRow)[];
  const lines = rows.map((row) => names.map((name) => csvCell(row[name])).join(','));
  return `\ufeff${[names.join(','), ...lines].join('\r\n')}\r\n`;
}

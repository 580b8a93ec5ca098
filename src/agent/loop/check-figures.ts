// Figures that a model writes although nothing it was told or read says them. A small model is sent back once, with what
// the tools said; after that, and with a large one that may have counted for itself, the person is told.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import { resultText } from '../../tools/tool-result.ts';
import { createKnownFigures, type KnownFigures } from '../figures.ts';
import type { CallRecord, RunState, StepRecord } from './run-state.ts';

/** What a result says of itself when the call was sent back for its figures. */
const UNKNOWN_FIGURES = 'unknown_figures';
const SHOWN = 200;

export interface Told {
  instructions: string;
  prompt: LanguageModelV4Prompt;
}

/** null while no tool has said a figure: then the model writes from what it knows, as it was asked to. */
export function toldFigures({ instructions, prompt }: Told, { steps }: RunState): KnownFigures | null {
  const known = createKnownFigures();
  for (const { result, edited, input } of steps.flatMap(({ calls }) => calls)) {
    if (result !== null && !result.isError) known.add(resultText(result));
    if (edited) known.add(JSON.stringify(input));
  }
  if (!known.some) return null;
  known.add(instructions);
  for (const { content } of prompt)
    known.add(typeof content === 'string' ? content : content.map(textOfPart).join('\n'));
  return known;
}

const textOfPart = (part: { type: string }): string =>
  'text' in part && typeof part.text === 'string' ? part.text : '';

/** The figures that a call with an effect would leave behind; of the model's own writing only. */
export function inventedFigures(call: CallRecord, known: KnownFigures): string[] {
  if (call.effect === 'read' || call.edited) return [];
  return known.unknownIn(stringsOf(call.input).join('\n'));
}

const stringsOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(stringsOf)
    : value === undefined || value === null
      ? []
      : [String(value)];

export const isSentBack = ({ result }: CallRecord): boolean => result?.error?.data.reason === UNKNOWN_FIGURES;

/** Once a tool and run: who writes the same again may have counted. */
export const wasSentBack = ({ steps }: RunState, { toolName }: CallRecord): boolean =>
  steps.some(({ calls }) => calls.some((call) => call.toolName === toolName && isSentBack(call)));

const lastRead = (steps: readonly StepRecord[]): CallRecord | undefined =>
  steps
    .flatMap(({ calls }) => calls)
    .findLast(({ result, effect }) => effect === 'read' && result !== null && !result.isError);

/** What the last tool said, where it is short. */
function saidLast(steps: readonly StepRecord[]): string {
  const last = lastRead(steps);
  const said = last?.result == null ? '' : resultText(last.result);
  return said === '' || said.length > SHOWN ? '' : ` ${last?.toolName} said: ${said}`;
}

export function sentBack(
  { toolName }: CallRecord,
  figures: readonly string[],
  { steps }: RunState,
): AtelierError {
  return new AtelierError(
    'conflict',
    `${toolName} did not run: ${figures.join(', ')} stands in no result and not in the task.${saidLast(steps)} Call ${toolName} again with the figures that the tools gave.`,
    { data: { tool: toolName, reason: UNKNOWN_FIGURES, figures: [...figures] } },
  );
}

/** For a model that would only say its wrong figure again if it saw it; empty when its last call did not come back. */
export function figuresReminder(steps: readonly StepRecord[]): string {
  const call = steps.at(-1)?.calls.find(isSentBack);
  return call === undefined
    ? ''
    : `Call ${call.toolName} with figures as the tools gave them, without computing.${saidLast(steps)}`;
}

// What a scripted model is going to do, worked out from the prompt alone, before anything is streamed.
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import { atelierOptionsOf } from '../../call-attributes.ts';
import { demoAnswer } from './demo-answer.ts';
import { readScript, type Script, type Step } from './directives.ts';
import { instanceOf } from './schema-instance.ts';
import { agentAnswer, scriptOf } from './scripted-agent.ts';

export interface Plan extends Omit<Script, 'unknown'> {
  warnings: SharedV4Warning[];
}

function textOf(message: LanguageModelV4Message | undefined): string {
  if (message?.role !== 'user') return '';
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/**
 * Place of the person's last turn, -1 for none. What a client adds to the results of tools, such as a reminder, is no
 * turn of theirs unless it is a script.
 */
function lastTurn(prompt: LanguageModelV4Prompt): number {
  let at = prompt.findLastIndex(({ role }) => role === 'user');
  while (at > 0 && prompt[at - 1]?.role === 'tool' && readScript(textOf(prompt[at]), 1) === null) {
    const before = prompt.findLastIndex(({ role }, index) => role === 'user' && index < at);
    if (before < 0) break;
    at = before;
  }
  return at;
}

/** Refuses what a text model cannot read, with the file's kind. */
export function refuseUnreadable(prompt: LanguageModelV4Prompt, model: string): void {
  for (const message of prompt) {
    if (typeof message.content === 'string') continue;
    for (const part of message.content) {
      if (part.type !== 'file' || part.mediaType.startsWith('text')) continue;
      throw new AtelierError(
        'unsupported_content',
        `${model} reads only text, not ${part.mediaType}. Remove the file or choose another model.`,
        {
          data: { model, mediaType: part.mediaType },
        },
      );
    }
  }
}

/** How often the model has called tools since the last user message. */
function toolTurns(prompt: LanguageModelV4Prompt): number {
  return prompt
    .slice(lastTurn(prompt) + 1)
    .filter(
      (message) => message.role === 'assistant' && message.content.some((part) => part.type === 'tool-call'),
    ).length;
}

/** The steps of one turn: each run of `#tool` lines ends a turn, because the model then waits for the results. */
function turnOf(steps: readonly Step[], turn: number): Step[] {
  const turns: Step[][] = [[]];
  for (const [i, step] of steps.entries()) {
    if (step.type === 'turn') {
      if (turns.at(-1)?.length !== 0) turns.push([]);
      continue;
    }
    turns.at(-1)?.push(step);
    if (step.type === 'tool' && steps[i + 1]?.type !== 'tool') turns.push([]);
  }
  return turns[turn] ?? [];
}

function lastResult(prompt: LanguageModelV4Prompt): string | null {
  const last = prompt
    .slice(lastTurn(prompt) + 1)
    .findLast(({ role }) => role === 'tool' || role === 'assistant');
  if (last?.role !== 'tool') return null;
  const results = last.content.filter((part) => part.type === 'tool-result');
  return results
    .map(
      ({ toolName, output }) =>
        `${toolName}: ${'value' in output ? (typeof output.value === 'string' ? output.value : JSON.stringify(output.value)) : output.type}`,
    )
    .join('\n');
}

/** A call only of a tool that was offered; anything else becomes text that says so. */
function checkTools(steps: readonly Step[], options: LanguageModelV4CallOptions): Step[] {
  const offered = new Set(options.toolChoice?.type === 'none' ? [] : options.tools?.map((tool) => tool.name));
  return steps.map((step) =>
    step.type === 'tool' && !offered.has(step.name)
      ? { type: 'text', text: `The tool ${step.name} was not offered.` }
      : step,
  );
}

/** With tool choice `required` or a named tool there must be a call: the smallest one, unless the script has its own. */
function forceTool(steps: readonly Step[], options: LanguageModelV4CallOptions): Step[] {
  const choice = options.toolChoice;
  if (choice?.type !== 'required' && choice?.type !== 'tool') return [...steps];
  const fits = (step: Step) =>
    step.type === 'tool' && (choice.type === 'required' || step.name === choice.toolName);
  if (steps.some(fits)) return steps.filter((step) => step.type !== 'text');
  const tool = options.tools?.find((one) => choice.type === 'required' || one.name === choice.toolName);
  if (!tool) return [...steps];
  const input = tool.type === 'function' ? instanceOf(tool.inputSchema) : {};
  return [{ type: 'tool', name: tool.name, input: JSON.stringify(input ?? {}) }];
}

/** Of the choices that were given: the one that the script says, or the first. */
function chosen(options: LanguageModelV4CallOptions, steps: readonly Step[]): Step[] | null {
  const { choices } = atelierOptionsOf(options);
  if (choices === undefined) return null;
  const said = steps.flatMap((step) => (step.type === 'text' ? [step.text] : [])).join('');
  const text = choices.find((choice) => choice === said) ?? choices[0] ?? '';
  return [...steps.filter((step) => step.type !== 'text' && step.type !== 'tool'), { type: 'text', text }];
}

function plainAnswer(options: LanguageModelV4CallOptions, kind: 'echo' | 'script', text: string): Step[] {
  const format = options.responseFormat;
  if (format?.type === 'json')
    return [{ type: 'text', text: JSON.stringify(format.schema ? instanceOf(format.schema) : {}) }];
  const result = lastResult(options.prompt);
  if (result !== null) return [{ type: 'text', text: result }];
  return [{ type: 'text', text: kind === 'echo' ? text : demoAnswer(text) }];
}

/** Goes on after the beginning that the last message is, where the answer begins so. */
function continued(steps: readonly Step[], options: LanguageModelV4CallOptions): Step[] {
  const last = options.prompt.at(-1);
  if (atelierOptionsOf(options).continueAnswer !== true || last?.role !== 'assistant') return [...steps];
  const begun = last.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const at = steps.findIndex((step) => step.type === 'text' && step.text.startsWith(begun));
  return steps.map((step, i) =>
    i === at && step.type === 'text' ? { ...step, text: step.text.slice(begun.length) } : step,
  );
}

export function planAnswer(kind: 'echo' | 'script', options: LanguageModelV4CallOptions): Plan {
  const text = textOf(options.prompt[lastTurn(options.prompt)]);
  const script = kind === 'script' ? readScript(scriptOf(options) ?? text, options.seed ?? 1) : null;
  const turn = toolTurns(options.prompt);
  let steps = script ? turnOf(script.steps, turn) : [];
  const choice = chosen(options, steps);
  if (choice !== null) steps = choice;
  else if (steps.length === 0) steps = plainAnswer(options, kind, script ? '' : text);
  steps = agentAnswer(options, script) ?? steps;
  if (turn === 0) steps = forceTool(steps, options);
  const { unknown, ...rest } = script ?? {
    refusal: null,
    plan: [],
    delayMs: 0,
    waitMs: 0,
    logprobs: false,
    status: false,
    finish: null,
    unknown: [],
  };
  return {
    ...rest,
    steps: continued(checkTools(steps, options), options),
    warnings: unknown.map((row) => ({
      type: 'other',
      message: `Not a directive of scripted/script: ${row.slice(0, 80)}`,
    })),
  };
}

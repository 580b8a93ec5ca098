// What a script means to an agent that asks in JSON: for a plan (a schema with the title `plan`) and for its next step
// under a grammar (the title `step`: {"tool", "input"} or {"answer"}). The same script then serves both ways of calling
// tools: the number of steps that stand in the prompt says which comes next.
import type { LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider';
import { readScript, type Script, type Step } from './directives.ts';

const titleOf = ({ responseFormat }: LanguageModelV4CallOptions): string | undefined =>
  responseFormat?.type === 'json' ? responseFormat.schema?.title : undefined;

const asksAgent = (options: LanguageModelV4CallOptions) => ['plan', 'step'].includes(titleOf(options) ?? '');

function textOf(message: LanguageModelV4Message | undefined): string {
  if (message === undefined) return '';
  if (typeof message.content === 'string') return message.content;
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

/** How the turn of a tool's result begins (agent/loop/step-prompt.ts); it quotes the task, script and all. */
const RESULT = /^Result of /;

const isScript = (message: LanguageModelV4Message) =>
  message.role === 'user' && !RESULT.test(textOf(message)) && readScript(textOf(message), 1) !== null;

/** Results stand in later turns of the person, so the script is the last turn that is one. Null: no agent asks. */
export function scriptOf(options: LanguageModelV4CallOptions): string | null {
  if (!asksAgent(options)) return null;
  const found = options.prompt.findLast(isScript);
  return found === undefined ? null : textOf(found);
}

/** Null when no agent asks in JSON. */
export function agentAnswer(options: LanguageModelV4CallOptions, script: Script | null): Step[] | null {
  if (!asksAgent(options)) return null;
  if (titleOf(options) === 'plan') return [json({ steps: script?.plan ?? [] })];
  const from = options.prompt.findLastIndex(isScript);
  const done = options.prompt.slice(from + 1).filter(({ role }) => role === 'assistant').length;
  const turns = (script?.steps ?? []).filter(({ type }) => type !== 'turn');
  const calls = turns.filter((step) => step.type === 'tool');
  const call = calls[done];
  if (call !== undefined && mayCall(options))
    return [...others(turns, 'fail', done), json(stepOf(call.name, call.input))];
  const lastCall = turns.findLastIndex(({ type }) => type === 'tool');
  const said = turns.slice(lastCall + 1).flatMap((step) => (step.type === 'text' ? [step.text] : []));
  const answer = said.length > 0 ? said.join('') : lastResult(options);
  return [
    json({ answer: answerOf(answer, options) }),
    ...turns.slice(lastCall + 1).filter(({ type }) => type === 'fail'),
  ];
}

const json = (value: unknown): Step => ({ type: 'text', text: JSON.stringify(value) });

/** Failures of the script come before the first step only, so that a step that is tried again can go on. */
const others = (turns: readonly Step[], type: Step['type'], done: number): Step[] =>
  done > 0
    ? []
    : turns
        .slice(
          0,
          turns.findIndex((step) => step.type === 'tool'),
        )
        .filter((step) => step.type === type);

function stepOf(tool: string, input: string): unknown {
  try {
    return { tool, input: JSON.parse(input) as unknown };
  } catch {
    // A script may want to see how a wrong input is refused.
    return { tool, input };
  }
}

/** Branches beside the answer. */
const mayCall = ({ responseFormat }: LanguageModelV4CallOptions): boolean =>
  responseFormat?.type === 'json' && (responseFormat.schema?.oneOf?.length ?? 0) > 1;

/** An answer of a type of its own is what its text says. */
function answerOf(text: string, { responseFormat }: LanguageModelV4CallOptions): unknown {
  const branches = responseFormat?.type === 'json' ? responseFormat.schema?.oneOf : undefined;
  const last = branches?.at(-1);
  const answer = typeof last === 'object' ? last.properties?.answer : undefined;
  return typeof answer === 'object' && answer.type === 'string' ? text : (JSON.parse(text) as unknown);
}

const lastResult = ({ prompt }: LanguageModelV4CallOptions): string =>
  textOf(prompt.at(-1)).split('\n\n')[0] ?? '';

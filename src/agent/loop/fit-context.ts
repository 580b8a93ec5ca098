// Keeps what the model reads within its real context: old results of tools are shortened first, then the latest, then
// the oldest turns of the conversation go. Each of it is said, and the whole stays in the log of the run.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import { type Notice, noticeOf } from '../../contracts/notice.ts';
import { resultText } from '../../tools/tool-result.ts';
import type { StepRecord } from './run-state.ts';
import type { PromptParts } from './step-prompt.ts';

export interface FitOptions {
  contextLength: number | null;
  /** Tokens to leave for the step itself. */
  reserve: number;
  model: string;
  build(parts: PromptParts): LanguageModelV4Prompt;
  /** null where it cannot be known; then it is estimated. */
  count(prompt: LanguageModelV4Prompt): Promise<number | null>;
}

const SHORT_CHARACTERS = [1200, 200] as const;
/** Text of a model that cannot count: a token is at least about this many characters in our languages. */
const CHARACTERS_A_TOKEN = 3;

function estimate(prompt: LanguageModelV4Prompt): number {
  return Math.ceil(JSON.stringify(prompt).length / CHARACTERS_A_TOKEN);
}

/** More than the prompt can have: a token is at least a byte. */
const bound = (prompt: LanguageModelV4Prompt) => Buffer.byteLength(JSON.stringify(prompt));

/** @throws AtelierError context_overflow when nothing is left to shorten */
export async function fitPrompt(
  parts: PromptParts,
  options: FitOptions,
): Promise<{ prompt: LanguageModelV4Prompt; warnings: Notice[] }> {
  const { contextLength, reserve, build, count } = options;
  let current = parts;
  let prompt = build(current);
  if (contextLength === null) return { prompt, warnings: [] };
  const room = contextLength - reserve;
  const tokensOf = async () => (bound(prompt) < room ? 0 : ((await count(prompt)) ?? estimate(prompt)));
  const warnings: Notice[] = [];
  const shortened = new Map(parts.shortened);

  let tokens = await tokensOf();
  for (const limit of SHORT_CHARACTERS) {
    for (const [toolCallId, name, whole] of longResults(parts.steps, limit)) {
      if (tokens <= room) return { prompt, warnings };
      shortened.set(toolCallId, shorten(whole, limit));
      warnings.push(
        noticeOf(
          'result_shortened',
          `The context of ${options.model} is full (${contextLength} tokens): of the result of ${name} it is given only ${limit} characters now. The whole stands in the run.`,
          { model: options.model, contextLength, tool: name, characters: limit },
        ),
      );
      current = { ...current, shortened: new Map(shortened) };
      prompt = build(current);
      tokens = await tokensOf();
    }
  }
  while (tokens > room && current.prompt.filter(({ role }) => role !== 'system').length > 1) {
    current = { ...current, prompt: withoutOldest(current.prompt) };
    warnings.push(
      noticeOf(
        'turns_left_out',
        `The context of ${options.model} is full: the oldest turns of the conversation are left out.`,
        { model: options.model },
      ),
    );
    prompt = build(current);
    tokens = await tokensOf();
  }
  if (tokens <= room) return { prompt, warnings };
  throw new AtelierError(
    'context_overflow',
    `The run needs ${tokens} tokens and ${options.model} holds ${contextLength}, answer included. Shorten the task, use fewer tools, or choose a model with a longer context.`,
    { data: { promptTokens: tokens, contextLength, model: options.model } },
  );
}

/** Oldest first; the newest results last. */
function longResults(steps: readonly StepRecord[], limit: number): [string, string, string][] {
  return steps.flatMap(({ calls }) =>
    calls.flatMap(({ toolCallId, toolName, result }): [string, string, string][] => {
      const whole = result === null ? '' : resultText(result);
      return whole.length > limit * 1.2 ? [[toolCallId, toolName, whole]] : [];
    }),
  );
}

function shorten(whole: string, limit: number): string {
  const head = whole.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
  return `${head}\n[shortened: ${whole.length - head.length} of ${whole.length} characters are left out here]`;
}

function withoutOldest(prompt: LanguageModelV4Prompt): LanguageModelV4Prompt {
  const rest = prompt.slice(1);
  // A conversation begins with the person.
  const from = rest.findIndex(({ role }) => role === 'user');
  return from <= 0 ? rest : rest.slice(from);
}

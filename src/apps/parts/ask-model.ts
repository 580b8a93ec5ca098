// How apps ask a model: text as it comes, or JSON of a shape. What was cut is said, and waiting is told.

import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { z } from 'zod';
import { AtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { CallStatus, ModelInfo, Parameters } from '../../contracts/model.ts';
import { type Notice, noticeOf } from '../../contracts/notice.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import { callOptions, tokenBound } from '../chat/build-prompt.ts';
import { type AppTask, named } from '../define-app.ts';

export interface Question extends Parameters {
  /** What the call is called in the ledger. */
  name: string;
  system?: string;
  /** One message of the user, or a whole conversation. */
  prompt: string | readonly { role: 'user' | 'assistant'; content: string }[];
}

export interface Written {
  text: string;
  /** stop, length, ... */
  finish: string;
}

/** What to make of JSON that the limit of tokens has cut, and how that is told. Without it such an answer is an error. */
export interface WhenCut {
  /** The whole elements of it, as JSON again. */
  mend: (written: string) => string;
  notice: Notice;
}

export interface ModelAsker {
  info(model: string): Promise<ModelInfo>;
  /** Yields what is written as it comes. Ends early when `task.signal` is aborted, by throwing `cancelled`. */
  write(task: AppTask, question: Question): AsyncGenerator<string, Written>;
  /** The whole text. */
  text(task: AppTask, question: Question): Promise<Written>;
  /** JSON of the shape. @throws AtelierError provider_failed when what came is none, also at a second try */
  json<T>(task: AppTask, question: Question, schema: z.ZodType<T>, whenCut?: WhenCut): Promise<T>;
  /** Tokens of the prompt as the model reads it; an upper estimate where that cannot be known. */
  count(model: string, question: Question): Promise<number>;
}

const STATUS_EVERY_MS = 250;
/** Below this, reading is over before anybody could look. */
const LONG_READ = 256;
/** A token of an unknown tokenizer has at least so many bytes, in the languages at hand. */
const BYTES_A_TOKEN = 3;

function promptOf({ system, prompt }: Question): LanguageModelV4Prompt {
  const messages = typeof prompt === 'string' ? [{ role: 'user' as const, content: prompt }] : prompt;
  return [
    ...(system === undefined || system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...messages.map(({ role, content }) => ({ role, content: [{ type: 'text' as const, text: content }] })),
  ];
}

function tellStatus({ emit }: AppTask): (status: CallStatus) => void {
  let lastAt = 0;
  let last = '';
  return (status) => {
    const at = performance.now();
    if (status.status === 'writing' || (status.status === last && at - lastAt < STATUS_EVERY_MS)) return;
    if (status.status === 'reading' && status.total < LONG_READ) return;
    last = status.status;
    lastAt = at;
    if (status.status === 'reading')
      emit({ type: 'status', step: 'reading', done: status.done, total: status.total });
    else if (status.status === 'loading')
      emit({
        type: 'status',
        step: 'loading',
        done: status.progress,
        total: status.progress === null ? null : 1,
      });
    else emit({ type: 'status', step: 'queued', done: null, total: null });
  };
}

export function createModelAsker({
  gateway,
  registry,
}: {
  gateway: Gateway;
  registry: ModelRegistry;
}): ModelAsker {
  function optionsOf(question: Question, task?: AppTask): LanguageModelV4CallOptions {
    const { name: _name, system: _system, prompt: _prompt, ...parameters } = question;
    const call = task === undefined ? {} : { signal: task.signal, onStatus: tellStatus(task) };
    return callOptions(promptOf(question), parameters, call);
  }

  async function* write(task: AppTask, question: Question): AsyncGenerator<string, Written> {
    const answer = await gateway.stream(task.model, optionsOf(question, task), named(task, question.name));
    let text = '';
    let finish = 'other';
    for await (const part of answer.stream) {
      if (part.type === 'error') throw toAtelierError(part.error);
      if (part.type === 'finish') finish = part.finishReason.unified;
      if (part.type !== 'text-delta' || part.delta === '') continue;
      text += part.delta;
      yield part.delta;
    }
    return { text, finish };
  }

  async function text(task: AppTask, question: Question): Promise<Written> {
    const writing = write(task, question);
    for (;;) {
      const next = await writing.next();
      if (next.done) return next.value;
    }
  }

  return {
    info: async (model) => (await registry.resolve(model)).info,
    write,
    text,
    async json(task, question, schema, whenCut) {
      const { $schema: _dialect, ...shape } = z.toJSONSchema(schema, { io: 'input' });
      let problem = '';
      for (const attempt of [1, 2]) {
        const options: LanguageModelV4CallOptions = {
          ...optionsOf(attempt === 1 ? question : { ...question, temperature: 0.7, seed: attempt }, task),
          responseFormat: { type: 'json', schema: shape as never },
        };
        const result = await gateway.generate(task.model, options, named(task, question.name));
        const written = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
        const read = readJson(written, schema);
        if ('value' in read) return read.value;
        const isCut = result.finishReason.unified === 'length';
        problem = isCut ? 'it was cut by its limit of tokens' : read.problem;
        if (!isCut || whenCut === undefined) continue;
        // Asked again it would only be as long again.
        const whole = readJson(whenCut.mend(written), schema);
        if (!('value' in whole)) continue;
        task.emit({ type: 'note', ...whenCut.notice });
        return whole.value;
      }
      throw new AtelierError(
        'provider_failed',
        `${task.model} did not write the JSON that was asked for (${problem}). Try again, or choose another model.`,
        { data: { model: task.model, step: question.name, problem }, retryable: true },
      );
    },
    async count(model, question) {
      const counted = await gateway.countTokens(model, optionsOf(question));
      return counted ?? Math.ceil(tokenBound(promptOf(question)) / BYTES_A_TOKEN);
    },
  };
}

function readJson<T>(written: string, schema: z.ZodType<T>): { value: T } | { problem: string } {
  let value: unknown;
  try {
    // A remote model without JSON mode may put a fence round it.
    value = JSON.parse(written.replace(/^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/, '$1'));
  } catch (error) {
    return { problem: (error as Error).message };
  }
  const checked = schema.safeParse(value);
  return checked.success ? { value: checked.data } : { problem: z.prettifyError(checked.error) };
}

/** A note when the model had more to say than it was allowed. */
export function noteIfCut(task: AppTask, { finish }: Written, limit: number | null): void {
  if (finish !== 'length') return;
  const which = limit === null ? 'the end of its context' : `its limit of ${limit} tokens`;
  const message = `The model stopped at ${which}: the text is not whole.`;
  task.emit({
    type: 'note',
    ...(limit === null
      ? noticeOf('text_cut_at_context', message)
      : noticeOf('text_cut_at_limit', message, { limit })),
  });
}

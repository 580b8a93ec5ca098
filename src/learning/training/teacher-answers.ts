// Distillation of whole answers (Kim and Rush 2016): a teacher answers every question through the gateway, so that each is
// priced and traced, and is kept in the run's folder: what was paid for is never asked twice.
import { open, readFile } from 'node:fs/promises';
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { z } from 'zod';
import type { ExampleMessage } from '../../contracts/dataset.ts';
import { AtelierError, toAtelierError } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { isMissing } from '../../lib/disk.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { FrozenDataset, FrozenExample } from '../datasets/datasets.ts';

const answerSchema = z.object({ id: z.string(), text: z.string(), finish: z.string(), traceId: z.string() });
type TeacherAnswer = z.infer<typeof answerSchema>;

/** Questions at once of a remote model; a local one has all its cores at work on one. */
const REMOTE_AT_ONCE = 4;

export interface TeacherAnswersOptions {
  gateway: Pick<Gateway, 'generate'>;
  registry: Pick<ModelRegistry, 'resolve'>;
  teacher: string;
  identity: Identity;
  dataset: FrozenDataset;
  /** JSON lines; those of an earlier try are taken over. */
  path: string;
  maxTokens: number;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * The dataset with the teacher's answers in the place of its own; what the teacher did not finish or left empty is in
 * `leftOut` with the reason. @throws whatever the gateway throws
 */
export async function teacherAnswers(
  options: TeacherAnswersOptions,
): Promise<{ dataset: FrozenDataset; leftOut: { id: string; reason: string }[] }> {
  const { dataset, signal } = options;
  const asked = dataset.examples.filter(({ split }) => split !== 'test');
  const answers = await readAnswers(options.path);
  const unasked = asked.filter(({ id }) => !answers.has(id)).values();
  const parallel =
    (await options.registry.resolve(options.teacher)).info.place.kind === 'remote' ? REMOTE_AT_ONCE : 1;
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const file = await open(options.path, 'a', 0o600);
  options.onProgress(answers.size, asked.length);
  try {
    const workers = Array.from({ length: parallel }, async () => {
      for (const example of unasked) {
        both.throwIfAborted();
        const answer = await ask(example, options, both);
        // On a line of its own, also behind half a one that a kill left.
        await file.appendFile(`\n${JSON.stringify(answer)}\n`);
        await file.datasync();
        answers.set(answer.id, answer);
        options.onProgress(answers.size, asked.length);
      }
    });
    const outcomes = await Promise.allSettled(
      workers.map((work) =>
        work.catch((error: unknown) => {
          stop.abort(error);
          throw error;
        }),
      ),
    );
    signal.throwIfAborted();
    if (outcomes.some(({ status }) => status === 'rejected')) throw toAtelierError(stop.signal.reason);
  } finally {
    await file.close();
  }
  return replaceAnswers(dataset, answers);
}

function replaceAnswers(dataset: FrozenDataset, answers: ReadonlyMap<string, TeacherAnswer>) {
  const leftOut: { id: string; reason: string }[] = [];
  const examples = dataset.examples.flatMap((example): FrozenExample[] => {
    const answer = answers.get(example.id);
    if (example.body.kind !== 'chat' || answer === undefined) return [example];
    const reason =
      answer.finish === 'length'
        ? 'the answer was longer than a row has room for'
        : answer.text.trim() === ''
          ? 'the answer was empty'
          : null;
    if (reason !== null) {
      leftOut.push({ id: example.id, reason });
      return [];
    }
    // Only the last turn is the teacher's; earlier ones are context.
    const before = questionOf(example).map(
      (message): ExampleMessage => (message.role === 'assistant' ? { ...message, weight: 0 } : message),
    );
    const messages: ExampleMessage[] = [...before, { role: 'assistant', content: answer.text }];
    return [{ ...example, body: { kind: 'chat', messages } }];
  });
  return { dataset: { ...dataset, examples }, leftOut };
}

const questionOf = ({ body }: FrozenExample): ExampleMessage[] =>
  body.kind === 'chat' ? body.messages.slice(0, -1) : [];

async function ask(
  example: FrozenExample,
  { gateway, teacher, identity, maxTokens }: TeacherAnswersOptions,
  signal: AbortSignal,
): Promise<TeacherAnswer> {
  const prompt: LanguageModelV4Prompt = questionOf(example).map(({ role, content }) =>
    role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] },
  );
  const result = await gateway.generate(
    teacher,
    { prompt, maxOutputTokens: maxTokens, temperature: 0, abortSignal: signal },
    { identity, source: 'job', name: 'distillation' },
  );
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const finish = result.finishReason.unified;
  if (finish === 'error' || finish === 'content-filter')
    throw new AtelierError('provider_failed', `The teacher ${teacher} gave no answer (${finish}).`, {
      data: { teacher, example: example.id, finish },
      retryable: true,
    });
  return { id: example.id, text, finish, traceId: result.traceId };
}

async function readAnswers(path: string): Promise<Map<string, TeacherAnswer>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return new Map();
    throw error;
  }
  const answers = new Map<string, TeacherAnswer>();
  for (const line of text.split('\n')) {
    const answer = parseLine(line);
    if (answer) answers.set(answer.id, answer);
  }
  return answers;
}

/** Null also for half a line, which a kill leaves: that question is asked again. */
function parseLine(line: string): TeacherAnswer | null {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

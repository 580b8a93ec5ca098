// A version of a dataset as units of tokens, read by the very tokenizer and template that serve. What cannot be learned
// from is named by line and reason before anything starts; nothing is left out or cut.
import type { ChatExample, ExampleBody, ExampleMessage, PreferenceExample } from '../../contracts/dataset.ts';
import { isAtelierError } from '../../contracts/errors.ts';
import type { TrainingConcern, TrainingInput } from '../../contracts/training.ts';
import type { FrozenDataset, FrozenExample } from '../datasets/datasets.ts';
import type { ChatTokenizer, EncodedSequence } from './engine-port.ts';
import { learnedTokens, type Unit, unitLength } from './pack.ts';

/** An example with its line in the version's export, by which a person finds it. */
export interface Placed {
  example: FrozenExample;
  line: number;
}

export interface PreparedData {
  train: Unit[];
  validation: Unit[];
  concerns: TrainingConcern[];
}

/** The kind of dataset that a method learns from. */
export const kindOf = { sft: 'chat', dpo: 'preference', distillation: 'chat' } as const;

export const placedOf = (dataset: FrozenDataset): Placed[] =>
  dataset.examples.map((example, index) => ({ example, line: index + 1 }));

/** What is read of an example: one conversation, or both of a pair. Earlier turns of a pair's prompt are not learned. */
export function conversationsOf(body: ExampleBody): ExampleMessage[][] {
  if (body.kind === 'chat') return [body.messages];
  if (body.kind === 'labels') return [];
  const prompt = body.messages.map(
    (message): ExampleMessage => (message.role === 'assistant' ? { ...message, weight: 0 } : message),
  );
  return [body.chosen, body.rejected].map((content) => [...prompt, { role: 'assistant', content }]);
}

const ENCODED_AT_ONCE = 64;
const NAMED = 20;
/** With fewer, what is learned is the examples themselves. */
const FEW = 20;

interface Fault extends Omit<Placed, 'example'> {
  id: string;
  code: string;
  reason: string;
  tokens?: number;
}

export async function prepareData(options: {
  input: TrainingInput;
  dataset: FrozenDataset;
  tokenizer: ChatTokenizer;
  signal: AbortSignal;
  onProgress?: (done: number) => void;
}): Promise<PreparedData> {
  const { input, tokenizer, signal } = options;
  const { sequenceLength } = input.hyperparameters;
  const wanted = placedOf(options.dataset).filter(({ example }) => example.split !== 'test');
  const faults: Fault[] = [];
  const sound = wanted.filter((placed) => {
    const found = faultOf(placed.example.body, input);
    if (found) faults.push({ line: placed.line, id: placed.example.id, ...found });
    return found === null;
  });

  const units: Record<'train' | 'validation', Unit[]> = { train: [], validation: [] };
  for (let first = 0; first < sound.length; first += ENCODED_AT_ONCE) {
    signal.throwIfAborted();
    const some = sound.slice(first, first + ENCODED_AT_ONCE);
    const encoded = await encodeAll(some, tokenizer, (fault) => faults.push(fault));
    for (const { example, line, sequences } of encoded) {
      const made = input.method === 'dpo' ? [pairOf(example, sequences)] : singlesOf(example, sequences);
      for (const unit of made) {
        const fault = unitFault(unit, sequenceLength);
        if (fault) faults.push({ line, id: example.id, ...fault });
        else units[example.split === 'train' ? 'train' : 'validation'].push(unit);
      }
    }
    options.onProgress?.(Math.min(1, (first + some.length) / sound.length));
  }
  return { ...units, concerns: [...concernsOf(faults), ...countConcerns(wanted)] };
}

const singlesOf = (example: FrozenExample, sequences: readonly EncodedSequence[][]): Unit[] =>
  sequences.flat().map((sequence) => ({ exampleId: example.id, sequences: [sequence] }));

/** Of each answer the last sequence: where a prompt's earlier turns make more of them, they are not learned. */
const pairOf = (example: FrozenExample, sequences: readonly EncodedSequence[][]): Unit => ({
  exampleId: example.id,
  sequences: sequences.flatMap((one) => one.slice(-1)),
});

async function encodeAll(some: readonly Placed[], tokenizer: ChatTokenizer, onFault: (fault: Fault) => void) {
  const all = some.map((placed) => ({ ...placed, conversations: conversationsOf(placed.example.body) }));
  const encoded: { example: FrozenExample; line: number; sequences: EncodedSequence[][] }[] = [];
  try {
    const sequences = await tokenizer.encode(all.flatMap(({ conversations }) => conversations));
    let next = 0;
    for (const { example, line, conversations } of all) {
      encoded.push({ example, line, sequences: sequences.slice(next, next + conversations.length) });
      next += conversations.length;
    }
    return encoded;
  } catch (error) {
    if (some.length === 1 && some[0] && isTemplateFault(error)) {
      const { example, line } = some[0];
      onFault({ line, id: example.id, code: 'template_refused', reason: error.message });
      return [];
    }
    if (some.length === 1 || !isTemplateFault(error)) throw error;
    // One of them is at fault: each by itself says which.
    for (const one of some) encoded.push(...(await encodeAll([one], tokenizer, onFault)));
    return encoded;
  }
}

/** Templates refuse what they cannot say, such as two turns of a person after each other. */
const isTemplateFault = (error: unknown): error is Error =>
  isAtelierError(error) && error.code === 'model_failed';

type Found = Pick<Fault, 'code' | 'reason'> & { tokens?: number };

function faultOf(body: ExampleBody, { method }: TrainingInput): Found | null {
  if (body.kind !== kindOf[method])
    return {
      code: 'wrong_kind',
      reason: `it is of the kind ${body.kind}, and ${method} learns from ${kindOf[method]}`,
    };
  if (textsOf(body).some((text) => !text.isWellFormed() || text.includes('\ufffd')))
    return {
      code: 'wrong_encoding',
      reason: 'its text holds characters that were lost when a file was read',
    };
  return (
    (body.kind === 'chat' ? chatFault(body) : null) ?? (body.kind === 'preference' ? pairFault(body) : null)
  );
}

function textsOf(body: ExampleBody): string[] {
  if (body.kind === 'labels') return [body.text, body.label];
  const messages = body.messages.map(({ content }) => content);
  return body.kind === 'chat' ? messages : [...messages, body.chosen, body.rejected];
}

function rolesFault(messages: readonly ExampleMessage[], last: 'user' | 'assistant'): Found | null {
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages;
  const wrong = (reason: string): Found => ({ code: 'wrong_role', reason });
  if (turns.some(({ role }) => role === 'system')) return wrong('a system message is not its first');
  if (turns[0]?.role !== 'user') return wrong('its first turn is not a person’s');
  if (turns.at(-1)?.role !== last)
    return wrong(
      last === 'assistant'
        ? 'its last turn is not an answer'
        : 'its prompt does not end with a person’s turn',
    );
  return null;
}

const isBlank = (text: string) => text.trim() === '';

function chatFault({ messages }: ChatExample): Found | null {
  const learned = messages.filter(({ role, weight }) => role === 'assistant' && weight !== 0);
  const roles = rolesFault(messages, 'assistant');
  if (roles) return roles;
  if (learned.length === 0) return { code: 'nothing_learned', reason: 'all its answers have the weight 0' };
  if (learned.some(({ content }) => isBlank(content))) return { code: 'empty', reason: 'an answer is empty' };
  return messages.some(({ role, content }) => role === 'user' && isBlank(content))
    ? { code: 'empty', reason: 'a question is empty' }
    : null;
}

function pairFault({ messages, chosen, rejected }: PreferenceExample): Found | null {
  const roles = rolesFault(messages, 'user');
  if (roles) return roles;
  if (isBlank(chosen) || isBlank(rejected)) return { code: 'empty', reason: 'an answer is empty' };
  return chosen === rejected ? { code: 'same_answers', reason: 'both answers are the same' } : null;
}

function unitFault(unit: Unit, sequenceLength: number): Found | null {
  const tokens = unitLength(unit);
  if (tokens > sequenceLength)
    return {
      code: 'too_long',
      tokens,
      reason: `${unit.sequences.length === 2 ? 'prompt and answer, twice, are' : 'it has'} ${tokens} tokens`,
    };
  return unit.sequences.some((sequence) => learnedTokens(sequence) === 0)
    ? { code: 'nothing_learned', reason: 'no token of it is learned' }
    : null;
}

function concernsOf(faults: readonly Fault[]): TrainingConcern[] {
  return [...new Set(faults.map(({ code }) => code))].map((code) => {
    const all = faults.filter((fault) => fault.code === code).sort((a, b) => a.line - b.line);
    const named = all.slice(0, NAMED);
    const longest = Math.max(0, ...all.map(({ tokens }) => tokens ?? 0));
    const advice =
      longest > 0
        ? `Choose a sequence length of at least ${longest}, or shorten or reject these examples.`
        : 'Correct or reject these examples, and freeze a new version.';
    const list = named.map(({ line, reason }) => `line ${line}: ${reason}`).join('; ');
    const more = all.length > named.length ? ` and ${all.length - named.length} more` : '';
    return {
      code,
      message: `${all.length} example${all.length === 1 ? '' : 's'} cannot be learned from (${list}${more}). ${advice}`,
      data: {
        count: all.length,
        ...(longest > 0 && { longest }),
        examples: named.map(({ id, line, reason, tokens }) => ({
          id,
          line,
          reason,
          ...(tokens !== undefined && { tokens }),
        })),
      },
      blocks: true,
    };
  });
}

function countConcerns(wanted: readonly Placed[]): TrainingConcern[] {
  const count = (split: string) => wanted.filter(({ example }) => example.split === split).length;
  const [train, validation] = [count('train'), count('validation')];
  const concerns: TrainingConcern[] = [];
  if (train === 0)
    concerns.push({
      code: 'no_examples',
      message: 'The version has no example in its train split. Approve some, and freeze a new version.',
      data: { train },
      blocks: true,
    });
  else if (train < FEW)
    concerns.push({
      code: 'few_examples',
      message: `The train split has only ${train} example${train === 1 ? '' : 's'}: the model will learn them by heart rather than what they have in common.`,
      data: { train },
      blocks: false,
    });
  if (validation === 0)
    concerns.push({
      code: 'no_validation',
      message:
        'The version has no example in its validation split: the last step is exported, not the best one.',
      data: { validation },
      blocks: false,
    });
  return concerns;
}

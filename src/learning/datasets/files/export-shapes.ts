// Examples in the shapes in which they come in. A shape that could not say an example whole is refused before the first
// line, with the example that it cannot say.
import type {
  ChatExample,
  DatasetKind,
  ExampleBody,
  ExampleMessage,
  PreferenceExample,
} from '../../../contracts/dataset.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { FileShape } from '../datasets.ts';
import { shapesOf } from './read-examples.ts';

/** Opens the bodies anew at each call: they are read twice, once to see whether all can be said. */
export type Bodies = () => AsyncIterable<ExampleBody>;

interface Shape {
  /** Why it cannot say the example; null when it can. */
  refuses(body: ExampleBody): string | null;
  header?: (bodies: Facts) => string;
  line(body: ExampleBody, facts: Facts): string;
}

interface Facts {
  system: boolean;
}

const json = (value: unknown): string => `${JSON.stringify(value)}\n`;

/**
 * A spreadsheet would run a cell that begins so as a formula: an apostrophe before it, which reading takes away again. A
 * cell that begins with apostrophes and then so gets one more, so that it too comes back as it was.
 */
const cell = (text: string): string => {
  const safe = /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\t\r\n|]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const row = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;

const systemOf = (messages: readonly ExampleMessage[]): string =>
  messages
    .filter(({ role }) => role === 'system')
    .map(({ content }) => content)
    .join('\n\n');
const turnsOf = (messages: readonly ExampleMessage[]) => messages.filter(({ role }) => role !== 'system');
const firstOf = (messages: readonly ExampleMessage[]): string => turnsOf(messages)[0]?.content ?? '';
const lastOf = (messages: readonly ExampleMessage[]): string => messages.at(-1)?.content ?? '';

const manySystems = (messages: readonly ExampleMessage[]): string | null =>
  messages.filter(({ role }) => role === 'system').length > 1 ? 'it has several system messages' : null;
const oneTurn = (messages: readonly ExampleMessage[], turns: number): string | null =>
  turnsOf(messages).length === turns
    ? manySystems(messages)
    : `it has ${turnsOf(messages).length} turns, and the shape has one question and one answer`;
const noSystem = (messages: readonly ExampleMessage[]): string | null =>
  messages.some(({ role }) => role === 'system')
    ? 'it has a system message, which the shape cannot say'
    : null;
const noWeights = (messages: readonly ExampleMessage[]): string | null =>
  messages.some(({ weight }) => weight === 0)
    ? 'a turn of it is read and not learned (weight 0), which the shape cannot say'
    : null;

const chat = (of: (body: ChatExample) => string | null) => (body: ExampleBody) =>
  body.kind === 'chat' ? of(body) : `it is of the kind ${body.kind}`;
const preference = (of: (body: PreferenceExample) => string | null) => (body: ExampleBody) =>
  body.kind === 'preference' ? of(body) : `it is of the kind ${body.kind}`;
const fits = () => null;

const csv: Record<DatasetKind, Shape> = {
  chat: {
    refuses: chat(({ messages }) => oneTurn(messages, 2)),
    header: ({ system }) => row([...(system ? ['system'] : []), 'prompt', 'completion']),
    line: (body, { system }) => {
      if (body.kind !== 'chat') return '';
      const { messages } = body;
      return row([...(system ? [systemOf(messages)] : []), firstOf(messages), lastOf(messages)]);
    },
  },
  preference: {
    refuses: preference(({ messages }) => oneTurn(messages, 1)),
    header: ({ system }) => row([...(system ? ['system'] : []), 'prompt', 'chosen', 'rejected']),
    line: (body, { system }) => {
      if (body.kind !== 'preference') return '';
      const { messages, chosen, rejected } = body;
      return row([...(system ? [systemOf(messages)] : []), firstOf(messages), chosen, rejected]);
    },
  },
  labels: {
    refuses: fits,
    header: () => row(['text', 'label']),
    line: (body) => (body.kind === 'labels' ? row([body.text, body.label]) : ''),
  },
};

const shareGptName = { system: 'system', user: 'human', assistant: 'gpt' } as const;

const lines: Record<Exclude<FileShape, 'csv'>, Shape> = {
  openai: {
    refuses: chat(fits),
    line: (body) => (body.kind === 'chat' ? json({ messages: body.messages }) : ''),
  },
  'openai-preference': {
    refuses: preference(fits),
    line: (body) =>
      body.kind === 'preference'
        ? json({
            input: { messages: body.messages, tools: [], parallel_tool_calls: true },
            preferred_output: [{ role: 'assistant', content: body.chosen }],
            non_preferred_output: [{ role: 'assistant', content: body.rejected }],
          })
        : '',
  },
  sharegpt: {
    refuses: chat(({ messages }) => noWeights(messages)),
    line: (body) =>
      body.kind === 'chat'
        ? json({
            conversations: body.messages.map(({ role, content }) => ({
              from: shareGptName[role],
              value: content,
            })),
          })
        : '',
  },
  alpaca: {
    refuses: chat(({ messages }) => oneTurn(messages, 2)),
    line: (body) => {
      if (body.kind !== 'chat') return '';
      const system = systemOf(body.messages);
      return json({
        ...(system === '' ? {} : { system }),
        instruction: firstOf(body.messages),
        input: '',
        output: lastOf(body.messages),
      });
    },
  },
  'prompt-completion': {
    refuses: chat(({ messages }) => noSystem(messages) ?? oneTurn(messages, 2)),
    line: (body) =>
      body.kind === 'chat' ? json({ prompt: firstOf(body.messages), completion: lastOf(body.messages) }) : '',
  },
  'prompt-preference': {
    refuses: preference(({ messages }) => noSystem(messages) ?? oneTurn(messages, 1)),
    line: (body) =>
      body.kind === 'preference'
        ? json({ prompt: firstOf(body.messages), chosen: body.chosen, rejected: body.rejected })
        : '',
  },
  labels: {
    refuses: fits,
    line: (body) => (body.kind === 'labels' ? json({ text: body.text, label: body.label }) : ''),
  },
};

/** @throws AtelierError invalid_request before the first line, when the shape cannot say all of them */
export async function* exportAs(
  shape: FileShape,
  { name, kind }: { name: string; kind: DatasetKind },
  bodies: Bodies,
): AsyncGenerator<string> {
  if (!shapesOf[kind].includes(shape))
    throw new AtelierError(
      'invalid_request',
      `A dataset of the kind ${kind} cannot be written in the shape ${shape}; it can in ${shapesOf[kind].join(', ')}.`,
      { data: { param: 'shape', shape, kind, shapes: shapesOf[kind] } },
    );
  const { refuses, header, line } = shape === 'csv' ? csv[kind] : lines[shape];
  let number = 0;
  const facts: Facts = { system: false };
  for await (const body of bodies()) {
    number++;
    const why = refuses(body);
    if (why !== null)
      throw new AtelierError(
        'invalid_request',
        `${name} cannot be written in the shape ${shape}: of example ${number} ${why}. ${shapesOf[kind][0]} can say every one.`,
        { data: { param: 'shape', shape, example: number, shapes: shapesOf[kind] } },
      );
    if (body.kind !== 'labels' && body.messages.some(({ role }) => role === 'system')) facts.system = true;
  }
  if (header !== undefined) yield header(facts);
  for await (const body of bodies()) yield line(body, facts);
}

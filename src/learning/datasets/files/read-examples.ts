// A file as examples and faults: the shape is recognised from its first lines, then each line or row is read alone.
import type { DatasetKind } from '../../../contracts/dataset.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { FileShape } from '../datasets.ts';
import { problemOf } from '../example-body.ts';
import { namesColumns, readCsv } from './csv-shape.ts';
import { isObject, type JsonShape, jsonShapes, type Read, recogniseJson } from './json-shapes.ts';
import { type FileLine, readLines, type SourceFile } from './read-lines.ts';

/** Lines that the shape and the separator are recognised by. */
const HEAD_LINES = 50;
/** A JSON list is one value and lies in memory whole. */
const MAX_LIST_LENGTH = 64 * 1024 * 1024;

/** Which shapes hold what a dataset of the kind is made of. */
export const shapesOf: Record<DatasetKind, readonly FileShape[]> = {
  chat: ['openai', 'sharegpt', 'alpaca', 'prompt-completion', 'csv'],
  preference: ['openai-preference', 'prompt-preference', 'csv'],
  labels: ['labels', 'csv'],
};

export interface FileExample {
  line: number;
  read: Read;
}

export interface FileExamples {
  shape: FileShape;
  examples: AsyncIterable<FileExample>;
}

const refuse = (name: string, why: string, data: Record<string, unknown> = {}) =>
  new AtelierError('invalid_request', `${name} cannot be read as examples: ${why}`, {
    data: { name, ...data },
  });

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/** What is in the file, whatever it was read from, checked as training needs it. */
function checked(read: Read): Read {
  if (!('body' in read)) return read;
  return problemOf(read.body) ?? read;
}

function readJson(shape: JsonShape, value: unknown): Read {
  if (!isObject(value)) return { code: 'wrong_shape', message: 'it is no JSON object' };
  const { is, read } = jsonShapes[shape];
  if (is(value)) return checked(read(value));
  return {
    code: 'wrong_shape',
    message: `it does not have the fields of the shape ${shape}; it has ${Object.keys(value).slice(0, 8).join(', ') || 'none'}`,
  };
}

async function* readJsonLines(shape: JsonShape, lines: AsyncIterable<FileLine>): AsyncGenerator<FileExample> {
  for await (const { number, text, problem } of lines) {
    if (text === null) {
      yield { line: number, read: problem ?? { code: 'not_json', message: 'the line cannot be read' } };
      continue;
    }
    if (text.trim() === '') continue;
    const parsed = parse(text);
    yield {
      line: number,
      read: parsed === null ? { code: 'not_json', message: notJson(text) } : readJson(shape, parsed.value),
    };
  }
}

function notJson(text: string): string {
  try {
    JSON.parse(text);
    return 'it is no JSON';
  } catch (cause) {
    return `it is no JSON: ${cause instanceof Error ? cause.message.slice(0, 200) : String(cause)}`;
  }
}

async function readList(name: string, lines: AsyncIterable<FileLine>): Promise<unknown[]> {
  const parts: string[] = [];
  let length = 0;
  for await (const { number, text, problem } of lines) {
    if (text === null)
      throw refuse(name, `in line ${number} ${problem?.message ?? 'something cannot be read'}.`);
    length += text.length + 1;
    if (length > MAX_LIST_LENGTH)
      throw new AtelierError(
        'payload_too_large',
        `${name} is one JSON list of more than ${MAX_LIST_LENGTH / 1024 ** 2} MB (${(length / 1024 ** 2).toFixed(1)} MB were read). Write one example a line instead.`,
        { data: { name, limitBytes: MAX_LIST_LENGTH, sizeBytes: length } },
      );
    parts.push(text);
  }
  const text = parts.join('\n');
  const parsed = parse(text);
  if (parsed === null) throw refuse(name, `${notJson(text)}.`, { code: 'not_json' });
  return Array.isArray(parsed.value) ? parsed.value : [parsed.value];
}

/** @throws AtelierError invalid_request (no shape, or one of another kind), payload_too_large */
export async function readExamples(
  file: SourceFile,
  kind: DatasetKind,
  wanted?: FileShape,
): Promise<FileExamples> {
  const { name } = file;
  const source = readLines(file);
  const head: FileLine[] = [];
  while (head.length < HEAD_LINES) {
    const { value, done } = await source.next();
    if (done === true) break;
    head.push(value);
  }
  async function* lines(): AsyncGenerator<FileLine> {
    yield* head;
    yield* source;
  }
  const first = head.find(({ text }) => text === null || text.trim() !== '');
  if (first === undefined) throw refuse(name, 'it is empty.', { code: 'empty' });

  const isList = /^\s*\[/.test(first.text ?? '') && wanted !== 'csv';
  const list = isList ? await readList(name, lines()) : null;
  if (list?.length === 0) throw refuse(name, 'its list is empty.', { code: 'empty' });
  const shape = wanted ?? recognise(name, kind, head, list);
  if (!shapesOf[kind].includes(shape))
    throw refuse(
      name,
      `it has the shape ${shape}, and a dataset of the kind ${kind} takes ${shapesOf[kind].join(', ')}. Bring it into a dataset of its kind.`,
      { shape, kind, shapes: shapesOf[kind] },
    );
  if (shape === 'csv') {
    const rows = readCsv(name, kind, head, lines());
    return {
      shape,
      examples: (async function* () {
        for await (const { line, read } of rows) yield { line, read: checked(read) };
      })(),
    };
  }
  if (list !== null)
    return {
      shape,
      examples: (async function* () {
        for (const [index, value] of list.entries()) yield { line: index + 1, read: readJson(shape, value) };
      })(),
    };
  return { shape, examples: readJsonLines(shape, lines()) };
}

/** By the first value that has a shape; a file whose lines are no JSON is a table. */
function recognise(
  name: string,
  kind: DatasetKind,
  head: readonly FileLine[],
  list: readonly unknown[] | null,
): FileShape {
  // Told by its first row, since a cell may hold lines of JSON.
  if (list === null && namesColumns(name, kind, head)) return 'csv';
  const values = list?.slice(0, HEAD_LINES) ?? [];
  let json = list !== null;
  if (list === null)
    for (const { text } of head) {
      const parsed = text === null ? null : parse(text);
      if (parsed !== null && isObject(parsed.value)) {
        json = true;
        values.push(parsed.value);
      } else if (/^\s*\{/.test(text ?? '')) json = true;
    }
  for (const value of values) {
    const shape = recogniseJson(value, shapesOf[kind]);
    if (shape !== null) return shape;
  }
  if (!json) return 'csv';
  const keys = values.find(isObject);
  throw refuse(
    name,
    `its lines have ${keys === undefined ? 'no JSON object' : `the fields ${Object.keys(keys).slice(0, 8).join(', ')}`}, which is none of the known shapes. A dataset of the kind ${kind} takes ${shapesOf[kind].join(', ')}.`,
    { kind, shapes: shapesOf[kind] },
  );
}

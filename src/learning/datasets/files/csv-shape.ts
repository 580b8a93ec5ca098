// Which columns of a CSV file say what: a question and its answer, two answers to choose between, a text and its label.
import type { DatasetKind, ExampleBody } from '../../../contracts/dataset.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import { foldText } from '../../../lib/fold-text.ts';
import { findDelimiter, readRows } from '../../../retrieval/parse/csv.ts';
import type { Problem } from '../example-body.ts';
import { csvRecords } from './csv-records.ts';
import type { Read } from './json-shapes.ts';
import type { FileLine } from './read-lines.ts';

const asked = ['prompt', 'question', 'instruction', 'input', 'user', 'message', 'demande'];
const answered = ['completion', 'answer', 'response', 'output', 'assistant', 'reponse'];
const system = ['system', 'systeme'];
const chosen = ['chosen', 'preferred', 'prefere', 'choisi'];
const rejected = ['rejected', 'non_preferred', 'rejete'];
const text = ['text', 'texte', 'sentence', 'phrase', 'content', 'message', 'review', 'question', 'prompt'];
const label = [
  'label',
  'class',
  'category',
  'intent',
  'sentiment',
  'etiquette',
  'classe',
  'categorie',
  'intention',
];

/** What stands before = + - @ so that no spreadsheet runs a cell as a formula (export-shapes.ts writes it). */
const guarded = /^'+[=+\-@\t\r]/;

type Columns = Record<string, number>;

/** Of each kind: the columns that it needs, by the names that it may have, and the example that a row is. */
const layouts: Record<
  DatasetKind,
  {
    needs: Record<string, readonly string[]>;
    may?: Record<string, readonly string[]>;
    body(cell: (name: string) => string): ExampleBody;
  }
> = {
  chat: {
    needs: { asked, answered },
    may: { system },
    body: (cell) => ({
      kind: 'chat',
      messages: [
        ...(cell('system').trim() === '' ? [] : [{ role: 'system' as const, content: cell('system') }]),
        { role: 'user', content: cell('asked') },
        { role: 'assistant', content: cell('answered') },
      ],
    }),
  },
  preference: {
    needs: { asked, chosen, rejected },
    may: { system },
    body: (cell) => ({
      kind: 'preference',
      messages: [
        ...(cell('system').trim() === '' ? [] : [{ role: 'system' as const, content: cell('system') }]),
        { role: 'user', content: cell('asked') },
      ],
      chosen: cell('chosen'),
      rejected: cell('rejected'),
    }),
  },
  labels: {
    needs: { text, label },
    body: (cell) => ({ kind: 'labels', text: cell('text'), label: cell('label').trim() }),
  },
};

const wanted: Record<DatasetKind, string> = {
  chat: 'prompt and completion (or question and answer)',
  preference: 'prompt, chosen and rejected',
  labels: 'text and label',
};

function columnsOf(header: readonly string[], kind: DatasetKind): Columns | null {
  const names = header.map((name) => foldText(name.trim()));
  const { needs, may = {} } = layouts[kind];
  const found: Columns = {};
  for (const [role, synonyms] of Object.entries({ ...needs, ...may })) {
    // The first synonym wins, so that a file with `text` and `message` is read by `text`.
    const at = synonyms.map((name) => names.indexOf(name)).find((index) => index >= 0);
    if (at !== undefined) found[role] = at;
    else if (role in needs) return null;
  }
  return found;
}

export interface CsvRow {
  line: number;
  read: Read;
}

function delimiterOf(name: string, head: readonly FileLine[]): string {
  return /\.(tsv|tab)$/i.test(name) ? '\t' : findDelimiter(head.map((line) => line.text ?? '').join('\n'));
}

/** Whether the first row names the columns of the kind. */
export function namesColumns(name: string, kind: DatasetKind, head: readonly FileLine[]): boolean {
  const first = head.find(({ text }) => text !== null && text.trim() !== '')?.text;
  if (first === undefined || first === null) return false;
  const [cells] = readRows(first, delimiterOf(name, head), 1);
  return cells !== undefined && columnsOf(cells, kind) !== null;
}

/**
 * @param head the first lines of the file, which `lines` gives too
 * @throws AtelierError invalid_request when no header names the columns of the kind, or no row stands below it
 */
export async function* readCsv(
  name: string,
  kind: DatasetKind,
  head: readonly FileLine[],
  lines: AsyncIterable<FileLine>,
): AsyncGenerator<CsvRow> {
  const delimiter = delimiterOf(name, head);
  let columns: Columns | null = null;
  let width = 0;
  let header = 0;
  let rows = 0;
  for await (const { line, cells, problem } of csvRecords(lines, delimiter)) {
    if (columns === null) {
      if (cells === null)
        throw new AtelierError(
          'invalid_request',
          `${name} cannot be read as examples: in line ${line} ${problem?.message ?? 'something cannot be read'}.`,
          { data: { name, line, code: problem?.code ?? 'wrong_shape' } },
        );
      columns = columnsOf(cells, kind);
      if (columns === null)
        throw new AtelierError(
          'invalid_request',
          `${name} has no columns for a dataset of the kind ${kind}: its first row is ${JSON.stringify(cells.slice(0, 10))} and should name ${wanted[kind]}. Name them so in the first row, or send JSON lines.`,
          { data: { name, kind, header: cells.slice(0, 50), code: 'wrong_columns' } },
        );
      width = cells.length;
      header = line;
      continue;
    }
    rows++;
    if (cells === null) {
      yield { line, read: problem ?? { code: 'wrong_shape', message: 'the row cannot be read' } };
      continue;
    }
    yield { line, read: rowOf(cells, columns, width, kind) };
  }
  if (columns !== null && rows === 0)
    throw new AtelierError(
      'invalid_request',
      `${name} holds no example: its line ${header} names the columns and no row stands below it. Add rows and send it again.`,
      { data: { name, line: header, code: 'empty' } },
    );
}

function rowOf(cells: readonly string[], columns: Columns, width: number, kind: DatasetKind): Read {
  if (cells.length !== width) {
    const problem: Problem = {
      code: 'wrong_columns',
      message: `the row has ${cells.length} cells and the first row ${width}; a cell with the separator in it must be quoted`,
    };
    return problem;
  }
  const cell = (role: string): string => {
    const value = cells[columns[role] ?? -1] ?? '';
    return guarded.test(value) ? value.slice(1) : value;
  };
  const body = layouts[kind].body(cell);
  // A blank behind a separator would make a class of its own that nobody sees.
  const trimmed = body.kind === 'labels' && body.label !== cell('label');
  return trimmed ? { body, trimmed } : { body };
}

// The sets of the bench of the apps: which app, on which rows, under which measure. The data is described in the
// README-apps.md beside it; nothing here is tuned set by set.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from '../../src/apps/coder/run-tests.ts';
import type { ExtractOutput } from '../../src/apps/extract/extract-schema.ts';
import { chrfCounts } from '../../src/lib/text-metrics.ts';
import type { Sandbox } from '../../src/tools/sandbox/create-sandbox.ts';
import { accuracy, chrf, macroF1, meanShare, microF1, rougeL, type Scored } from './metrics.ts';

export type Row = Record<string, unknown> & { id: string };

export interface BenchSet {
  name: string;
  app: string;
  metric: string;
  /** Share of the time of a model, in minutes of the whole hour. */
  minutes: number;
  rows: Row[];
  input(row: Row): unknown;
  /** `output` null: the app failed on the row. */
  score(row: Row, output: unknown, sandbox: Sandbox): Scored | Promise<Scored>;
  measure(rows: readonly Scored[]): number;
}

const text = (row: Row, name: string) => String(row[name] ?? '');

/** The rows of a set, first by the hash of their id. */
function rowsOf(folder: string, file: string): Row[] {
  const hash = (row: Row) => createHash('sha1').update(row.id).digest('hex');
  return readFileSync(join(folder, `${file}.test.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row)
    .sort((a, b) => (hash(a) < hash(b) ? -1 : 1));
}

const questionKinds: Record<string, { label: string; description: string }> = {
  ABBR: { label: 'abbreviation', description: 'an abbreviation, or what it stands for' },
  DESC: { label: 'description', description: 'a definition, a description, a reason, a manner' },
  ENTY: { label: 'thing', description: 'an animal, a product, a colour, a food, a word, a title' },
  HUM: { label: 'person', description: 'a person, a group or an organisation' },
  LOC: { label: 'place', description: 'a city, a country, a mountain' },
  NUM: { label: 'number', description: 'a count, a date, a price, a distance, a length of time' },
};

const nameKinds = [
  { label: 'PER', description: 'nom propre d’une personne, réelle ou de fiction' },
  { label: 'LOC', description: 'nom propre d’un lieu : pays, ville, région, cours d’eau, bâtiment' },
  {
    label: 'ORG',
    description: 'nom propre d’une organisation : entreprise, club, parti, administration, groupe de musique',
  },
  { label: 'MISC', description: 'autre nom propre : œuvre, événement, langue, peuple, produit' },
];

const receiptFields = [
  { name: 'company', type: 'string', description: 'name of the company that issued the receipt' },
  { name: 'date', type: 'date', description: 'date of the purchase' },
  { name: 'address', type: 'string', description: 'whole address of the company' },
  { name: 'total', type: 'number', description: 'total amount that was to be paid' },
];
const invoiceFields = [
  { name: 'number', type: 'string', description: 'number of the invoice' },
  { name: 'date', type: 'date', description: 'date of the invoice' },
  { name: 'seller', type: 'string', description: 'name of the seller' },
  { name: 'buyer', type: 'string', description: 'name of the buyer' },
  { name: 'currency', type: 'string', description: 'code of the currency, such as EUR' },
  { name: 'net', type: 'number', description: 'total without tax' },
  { name: 'tax', type: 'number', description: 'amount of the tax' },
  { name: 'total', type: 'number', description: 'total with tax' },
];

const lettersOnly = (value: string) => value.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Letters and digits decide; amounts and dates may also agree in their normal form. */
function fieldCounts(row: Row, output: unknown): Scored {
  const gold = row.fields as Record<string, string>;
  const found = (output as ExtractOutput | null)?.fields ?? [];
  let right = 0;
  for (const [name, wanted] of Object.entries(gold)) {
    const field = found.find((one) => one.name === name);
    const verbatim = field?.matches[0]?.text;
    if (verbatim === undefined) continue;
    const normal =
      typeof field?.value === 'number' ? field.value === Number(wanted) : field?.value === wanted;
    if (normal || lettersOnly(verbatim) === lettersOnly(wanted)) right++;
  }
  const given = found.filter(({ name, value }) => value !== null && Object.hasOwn(gold, name)).length;
  return { kind: 'counts', right, found: given, wanted: Object.keys(gold).length };
}

/** Whole names with their class, by their places. */
function nameCounts(row: Row, output: unknown): Scored {
  const tokens = row.tokens as string[];
  const tags = row.tags as string[];
  const gold = new Set<string>();
  let at = 0;
  let open: { label: string; start: number; end: number } | null = null;
  const close = () => {
    if (open) gold.add(`${open.label} ${open.start} ${open.end}`);
    open = null;
  };
  for (const [index, token] of tokens.entries()) {
    const [mark, label = ''] = (tags[index] ?? 'O').split('-');
    if (mark === 'I' && open) (open as { end: number }).end = at + token.length;
    else {
      close();
      if (mark !== 'O') open = { label, start: at, end: at + token.length };
    }
    at += token.length + 1;
  }
  close();
  const found = ((output as ExtractOutput | null)?.entities ?? []).map(
    ({ label, start, end }) => `${label} ${start} ${end}`,
  );
  return {
    kind: 'counts',
    right: found.filter((name) => gold.has(name)).length,
    found: found.length,
    wanted: gold.size,
  };
}

async function passed(row: Row, output: unknown, sandbox: Sandbox): Promise<Scored> {
  const code = (output as { code?: string } | null)?.code ?? '';
  const run = await runTests(sandbox, { code, tests: text(row, 'tests') });
  return { kind: 'share', value: run.passed ? 1 : 0 };
}

/** The number after the last "Answer:", or else the last one. */
function finalNumber(answer: string): string {
  const plain = answer.replaceAll(/(?<=\d)[, \u202f](?=\d{3})/g, '');
  const tail = plain.slice(Math.max(0, plain.lastIndexOf('Answer:')));
  const found =
    (tail.startsWith('Answer:') ? /-?\d+(?:\.\d+)?/.exec(tail)?.[0] : undefined) ??
    plain.match(/-?\d+(?:\.\d+)?/g)?.at(-1);
  return found === undefined ? '' : String(Number(found));
}

export function benchSets(folder: string): BenchSet[] {
  const label = (output: unknown) => (output as { label?: string } | null)?.label ?? null;
  const sentiment = (name: string, metric: 'macro-F1' | 'accuracy', labels?: string[]): BenchSet => ({
    name,
    app: 'sentiment',
    metric,
    minutes: 3,
    rows: rowsOf(folder, name),
    input: (row) => ({
      text: text(row, 'text'),
      ...(labels ? { labels: labels.map((one) => ({ label: one })) } : {}),
    }),
    score: (row, output) => ({ kind: 'label', gold: text(row, 'label'), found: label(output) }),
    measure: metric === 'accuracy' ? accuracy : macroF1,
  });
  const translation = (from: 'fr' | 'en', to: 'fr' | 'en'): BenchSet => ({
    name: `flores ${from}-${to}`,
    app: 'translate',
    metric: 'chrF',
    minutes: 5,
    rows: rowsOf(folder, 'translation-fr-en'),
    input: (row) => ({ text: text(row, from === 'fr' ? 'source' : 'target'), from, to }),
    score: (row, output) => ({
      kind: 'chrf',
      orders: chrfCounts(
        (output as { translation?: string } | null)?.translation ?? '',
        text(row, from === 'fr' ? 'target' : 'source'),
      ),
    }),
    measure: chrf,
  });
  const code = (name: string): BenchSet => ({
    name,
    app: 'coder',
    metric: 'pass@1',
    minutes: 6,
    rows: rowsOf(folder, name),
    // The tests are hidden from the model: the app runs only what it wrote.
    input: (row) => ({ task: 'generate', code: text(row, 'prompt') }),
    score: passed,
    measure: meanShare,
  });
  const fields = (name: string, minutes: number, wanted: object[]): BenchSet => ({
    name,
    app: 'extract',
    metric: 'field F1',
    minutes,
    rows: rowsOf(folder, name),
    input: (row) => ({ text: text(row, 'text'), fields: wanted }),
    score: fieldCounts,
    measure: microF1,
  });
  return [
    sentiment('tweets-fr', 'macro-F1'),
    sentiment('tweets-en', 'macro-F1'),
    sentiment('sst2', 'accuracy', ['positive', 'negative']),
    {
      ...sentiment('trec', 'accuracy'),
      input: (row) => ({
        text: text(row, 'text'),
        instructions: 'What kind of answer does the question ask for?',
        labels: Object.values(questionKinds),
      }),
      score: (row, output) => ({
        kind: 'label',
        gold: questionKinds[text(row, 'label')]?.label ?? '',
        found: label(output),
      }),
    },
    fields('receipts-sroie', 8, receiptFields),
    fields('invoices', 6, invoiceFields),
    {
      name: 'ner-fr',
      app: 'extract',
      metric: 'F1',
      minutes: 5,
      rows: rowsOf(folder, 'ner-fr'),
      input: (row) => ({ text: (row.tokens as string[]).join(' '), labels: nameKinds }),
      score: nameCounts,
      measure: microF1,
    },
    translation('fr', 'en'),
    translation('en', 'fr'),
    code('mbpp-js'),
    code('humaneval-js'),
    {
      name: 'gsm8k',
      app: 'chatbot',
      metric: 'accuracy',
      minutes: 8,
      rows: rowsOf(folder, 'gsm8k'),
      input: (row) => ({
        message: `${text(row, 'question')}\n\nThink step by step, in a few short lines without formatting. End with a line “Answer: NUMBER”.`,
        temperature: 0,
        maxTokens: 400,
      }),
      score: (row, output) => ({
        kind: 'label',
        gold: text(row, 'answer'),
        found: finalNumber((output as { answer?: string } | null)?.answer ?? ''),
      }),
      measure: accuracy,
    },
    {
      name: 'orangesum',
      app: 'summarise',
      metric: 'ROUGE-L',
      minutes: 5,
      rows: rowsOf(folder, 'summaries-fr'),
      input: (row) => ({ text: text(row, 'text'), length: 'short' }),
      score: (row, output) => ({
        kind: 'share',
        value: rougeL((output as { summary?: string } | null)?.summary ?? '', text(row, 'summary')),
      }),
      measure: meanShare,
    },
  ];
}

// The whole drawing in a real browser, in English and in French: a folder of documents is dropped, a question is answered
// with a citation that opens its document, an agent searches, calculates, asks before it writes a file; and all of the
// agent's work is one trace whose tree and sums are right. With a scripted model, and the real embedding model where
// ATELIER_TEST_MODELS has it; with ATELIER_LONG also with Qwen2.5-Coder-1.5B.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Span, Trace } from '../../src/contracts/span.ts';
import { makePdf } from '../../src/retrieval/parse/testing/pdf-file.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const models = process.env.ATELIER_TEST_MODELS;
const long = process.env.ATELIER_LONG === '1';
const LONG = { timeout: 240_000 };

const handbook = makePdf(
  [
    {
      lines: [
        { x: 72, y: 760, text: 'Travel expenses', size: 18, bold: true },
        { x: 72, y: 720, text: 'A night in a hotel is refunded up to 142 euros.' },
        { x: 72, y: 690, text: 'A meal is refunded up to 21 euros.' },
      ],
    },
  ],
  { title: 'Expense handbook' },
);
const lease = `# Bail commercial

## Loyer

Le loyer annuel est fixé à 18 400 euros hors taxes, payable par trimestre et d’avance.

## Résiliation

Le preneur peut donner congé avec un préavis de six mois, par lettre recommandée.
`;

interface Journey {
  locale: string;
  collection: string;
  words: Record<
    | 'newCollection'
    | 'name'
    | 'create'
    | 'ready'
    | 'askLink'
    | 'drawnFrom'
    | 'message'
    | 'toolsButton'
    | 'yes'
    | 'download'
    | 'trace',
    string | RegExp
  >;
  needsYes: RegExp;
  question: string;
  answer: string;
  citation: RegExp;
  document: string;
  marked: string;
  task: string;
  expression: string;
  file: string;
  content: string;
  done: string;
}

const journeys: Record<'en' | 'fr', Journey> = {
  en: {
    locale: 'en-GB',
    collection: 'Office papers',
    words: {
      newCollection: 'New collection',
      name: 'Name',
      create: 'Create',
      ready: 'ready',
      askLink: 'Ask about it',
      drawnFrom: 'Answers are drawn from',
      message: 'Message',
      toolsButton: /agent/i,
      yes: 'Yes, do it',
      download: 'Download total.md',
      trace: 'trace',
    },
    needsYes: /Needs your yes/,
    question: 'Up to how many euros is a night in a hotel refunded?',
    answer: 'Up to 142 euros [1].',
    citation: /^Source 1: Expense handbook/,
    document: 'Expense handbook',
    marked: '142 euros',
    task: 'Look up how many euros a hotel night is refunded, calculate the cost of 12 nights, and write the total into the file total.md.',
    expression: '142 * 12',
    file: 'total.md',
    content: '12 nights: 1704 euros',
    done: 'Twelve nights come to 1,704 euros [1].',
  },
  fr: {
    locale: 'fr-FR',
    collection: 'Papiers du bureau',
    words: {
      newCollection: 'Nouvelle collection',
      name: 'Nom',
      create: 'Créer',
      ready: 'prêt',
      askLink: 'Poser une question',
      drawnFrom: 'Les réponses sont tirées de',
      message: 'Message',
      toolsButton: /agent/i,
      yes: 'Oui, faites-le',
      download: 'Télécharger total.md',
      trace: 'trace',
    },
    needsYes: /Attend votre accord/,
    question: 'Quel est le loyer annuel du bail ?',
    answer: 'Il est de 18 400 euros hors taxes [1].',
    citation: /^Source 1\s*: Bail commercial/,
    document: 'Bail commercial',
    marked: '18 400 euros',
    task: 'Cherchez le loyer annuel du bail, calculez le loyer mensuel et écrivez-le dans le fichier total.md.',
    expression: '18400 / 12',
    file: 'total.md',
    content: 'Loyer mensuel : 1533,33 euros',
    done: 'Le loyer mensuel est de 1 533,33 euros [1].',
  },
};

let server: RunningServer;
let browser: Browser;
let folder: string;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}/atelier/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'atelier-journey-')), 'office');
  mkdirSync(join(folder, 'fr'), { recursive: true });
  writeFileSync(join(folder, 'fr', 'bail.md'), lease);
  writeFileSync(join(folder, 'expenses.pdf'), handbook);
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-test-'));
  // The rows name the files by their folder, so the copy is of the rows and the weights stay where they are.
  if (models !== undefined && existsSync(join(models, 'atelier.db')))
    cpSync(models, dataDir, { recursive: true, filter: (path) => !path.endsWith('.gguf') });
  [server, browser] = await Promise.all([startServer({ dataDir }), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: 'Message', exact: true });
  await composer.fill(text);
  await composer.press('Enter');
}

/** Each span hangs below the one that asked for it, and the sums of the tree are those of its parts. */
function expectOneTree({ summary, spans }: Trace): void {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const roots = spans.filter(({ parentId }) => parentId === null || !byId.has(parentId));
  expect(
    roots.map(({ name }) => name),
    'one root',
  ).toHaveLength(1);
  const charged = spans.filter(({ cost }) => cost !== null);
  const sum = (part: (span: Span) => number) => charged.reduce((total, span) => total + part(span), 0);
  expect(summary.usage.input).toBe(sum(({ usage }) => usage?.input ?? 0));
  expect(summary.usage.output).toBe(sum(({ usage }) => usage?.output ?? 0));
  expect(summary.spanCount).toBe(spans.length);
  expect(spans.filter(({ endUs }) => endUs === null)).toEqual([]);
}

/** The chain of kinds above a span, the root first. */
function above(trace: Trace, span: Span): string[] {
  const parent = trace.spans.find(({ spanId }) => spanId === span.parentId);
  return parent === undefined ? [] : [...above(trace, parent), parent.kind];
}

async function walk(journey: Journey, language: 'en' | 'fr', script: boolean): Promise<void> {
  const { words } = journey;
  const scripted = (text: string, ...lines: string[]) => (script ? [text, ...lines].join('\n') : text);
  const { page, faults } = await openPage(browser, `${server.url}/knowledge`, { locale: journey.locale });

  // Documents in.
  await page.getByRole('button', { name: words.newCollection }).first().click();
  await page.getByRole('textbox', { name: words.name }).first().fill(journey.collection);
  await page.getByRole('button', { name: words.create }).click();
  await page.waitForURL(/\/knowledge\/col_/);
  await page.locator('input[type=file][webkitdirectory]').first().setInputFiles(folder);
  for (const name of ['bail.md', 'expenses.pdf'])
    await page
      .getByRole('row', { name: new RegExp(name) })
      .getByText(words.ready, { exact: true })
      .filter({ visible: true })
      .waitFor(LONG);

  // A question, and the citation opens its document at the passage.
  await page.getByRole('link', { name: words.askLink }).click();
  await page.getByRole('list', { name: words.drawnFrom }).getByText(journey.collection).waitFor();
  await say(page, scripted(journey.question, `#text ${journey.answer}`));
  await page.waitForURL(/\/chat\/con_/, LONG);
  const citation = page.getByRole('button', { name: script ? journey.citation : /^Source \d+/ }).first();
  await citation.waitFor(LONG);
  await page.getByRole('link', { name: words.trace }).last().waitFor(LONG);
  await citation.click();
  const beside = page.getByRole('complementary').filter({ has: page.locator('mark, [data-passage]') });
  await beside.last().waitFor(LONG);
  if (script) {
    const viewer = page.getByRole('complementary', { name: journey.document });
    await viewer.locator('mark, [data-passage]').first().waitFor(LONG);
    // The words of a PDF's page are laid over its picture a little later.
    await expect.poll(async () => viewer.textContent(), LONG).toContain(journey.marked);
  }
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  // The same conversation goes on with tools: search, calculate, ask, write.
  const conversationId = /con_\w+/.exec(page.url())![0];
  await call('PATCH', `/conversations/${conversationId}`, {
    tools: ['calculator', 'write_file'],
    knowledge: (
      await call<{ knowledgeOf: never; conversation: { knowledge: string[] } }>(
        'GET',
        `/conversations/${conversationId}`,
      )
    ).conversation.knowledge,
  });
  await call('PUT', '/tools/write_file', { approval: 'always' });
  await page.reload();
  await say(
    page,
    scripted(
      journey.task,
      `#tool search_knowledge ${JSON.stringify({ query: journey.question })}`,
      '#step',
      `#tool calculator ${JSON.stringify({ expression: journey.expression })}`,
      '#step',
      `#tool write_file ${JSON.stringify({ path: journey.file, content: journey.content })}`,
      '#step',
      `#text ${journey.done}`,
    ),
  );
  const card = page.getByRole('region', { name: journey.needsYes });
  await card.waitFor(LONG);
  await card.getByText(journey.file).first().waitFor();
  await expectAccessible(page);
  await card.getByRole('button', { name: words.yes }).click();
  const file = page.getByRole('link', { name: words.download });
  await file.waitFor(LONG);
  const written = await (await fetch(new URL((await file.getAttribute('href'))!, server.url))).text();
  if (script) {
    expect(written).toBe(journey.content);
    await page.getByText(journey.done.replace(' [1].', '')).last().waitFor(LONG);
  } else expect(written).toMatch(language === 'en' ? /1[,\s]?704/ : /1[\s ]?533/);
  await page.getByRole('link', { name: words.trace }).last().waitFor(LONG);

  // One trace.
  const { messages } = await call<{
    messages: { role: string; status: string; receipt: { traceId: string } | null }[];
  }>('GET', `/conversations/${conversationId}`);
  await expect
    .poll(
      async () =>
        (
          await call<{ messages: { status: string }[] }>('GET', `/conversations/${conversationId}`)
        ).messages.at(-1)?.status,
      LONG,
    )
    .toBe('complete');
  const answers = (
    await call<{ messages: typeof messages }>('GET', `/conversations/${conversationId}`)
  ).messages.filter(({ role }) => role === 'assistant');
  const [asked, acted] = answers.map(({ receipt }) => receipt!.traceId);
  const question = await call<Trace>('GET', `/traces/${asked}`);
  expectOneTree(question);
  expect(question.spans.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['retrieval', 'model']));
  const trace = await call<Trace>('GET', `/traces/${acted}`);
  expectOneTree(trace);
  const names = trace.spans.map(({ name }) => name);
  for (const name of ['calculator', 'write_file'])
    expect(names, 'tool calls').toContain(`execute_tool ${name}`);
  expect(names.some((name) => name.startsWith('wait_for_approval write_file'))).toBe(true);
  if (script) {
    const retrieval = trace.spans.find(({ kind }) => kind === 'retrieval')!;
    expect(above(trace, retrieval)).toContain('agent');
    expect(JSON.stringify(retrieval.output)).toContain(journey.marked.replace(' ', ' '));
  }
  for (const span of trace.spans.filter(({ kind }) => kind === 'model'))
    expect(above(trace, span)).toContain('agent');

  await page.getByRole('link', { name: words.trace }).last().click();
  await page.waitForURL(/\/monitor\/[0-9a-f]{32}/);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
  await page.context().close();
}

describe.each(['en', 'fr'] as const)('the whole drawing, in %s', (language) => {
  test('with a scripted model', async () => {
    await call('PUT', '/aliases/default', { model: 'scripted/script' });
    await walk(journeys[language], language, true);
  });

  test.skipIf(models === undefined || !long)(
    'with Qwen2.5-Coder-1.5B (ATELIER_LONG, ATELIER_TEST_MODELS)',
    async () => {
      await call('PUT', '/aliases/default', { model: 'local/qwen2.5-coder-1.5b-instruct' });
      const { collections } = await call<{ collections: { id: string }[] }>('GET', '/collections');
      for (const { id } of collections) await call('DELETE', `/collections/${id}`);
      await walk(journeys[language], language, false);
    },
    600_000,
  );
});

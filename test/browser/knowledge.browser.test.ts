// "Ask my folder" in a real browser, in English and in French: a collection, a folder and dropped files, the reading to its
// end, the search test, a question with citations that open the document at the marked passage; and what is not in it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Collection } from '../../src/contracts/knowledge.ts';
import { makePdf } from '../../src/retrieval/parse/testing/pdf-file.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let server: RunningServer;
let browser: Browser;
let folder: string;

/** A page of the handbook is enough to mark a line in the middle of it. */
const handbook = makePdf(
  [
    {
      lines: [
        { x: 72, y: 760, text: 'Employment handbook', size: 18, bold: true },
        { x: 72, y: 720, text: 'Every employee joins on the first day of a month.' },
      ],
    },
    {
      lines: [
        { x: 72, y: 760, text: 'Paid leave', size: 14, bold: true },
        { x: 72, y: 730, text: 'Every employee has twenty-seven days of paid leave a year.' },
        { x: 72, y: 700, text: 'Leave that is not taken by the end of May is lost.' },
      ],
    },
  ],
  { title: 'Employment handbook' },
);
const onePage = (text: string) => makePdf([{ lines: [{ x: 72, y: 730, text }] }], { title: text });
const notices = [
  'Visitors sign the book at the front desk.',
  'The car park closes at nine in the evening.',
  'Parcels are handed out in the mail room.',
];
const lease = `# Bail commercial

## Loyer

Le loyer annuel est fixé à 18 400 euros hors taxes, payable par trimestre et d’avance.

## Résiliation

Le preneur peut donner congé avec un préavis de six mois, par lettre recommandée.
`;

beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'atelier-folder-')), 'maison');
  mkdirSync(join(folder, 'fr'), { recursive: true });
  writeFileSync(join(folder, 'fr', 'bail.md'), lease);
  writeFileSync(join(folder, 'handbook.pdf'), handbook);
  writeFileSync(join(folder, 'broken.pdf'), '%PDF-1.7\nnothing more');
  writeFileSync(join(folder, '.DS_Store'), 'hidden');
  // No source of an embedding model is reachable: documents are found by their words, which says so and is quick.
  [server, browser] = await Promise.all([
    startServer({ env: { HF_ENDPOINT: 'http://127.0.0.1:9', PATH: '/nonexistent' } }),
    openBrowser(),
  ]);
  await fetch(`${server.url}/atelier/v1/aliases/default`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'scripted/script' }),
  });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const json = async <T>(path: string): Promise<T> => (await (await fetch(`${server.url}${path}`)).json()) as T;
const collections = async () =>
  (await json<{ collections: Collection[] }>('/atelier/v1/collections')).collections;

/** Drops files as a person does, wherever the page is. */
async function drop(page: Page, files: { name: string; content: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((dropped) => {
    const data = new DataTransfer();
    for (const { name, content } of dropped)
      data.items.add(new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name));
    return data;
  }, files);
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
}
const base64 = (content: string | Buffer) => Buffer.from(content).toString('base64');

async function ask(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: 'Message', exact: true });
  await composer.fill(text);
  await composer.press('Enter');
}

/** The word for a document's state; each row has one for wide and one for narrow screens. */
const state = (page: Page, name: string, word: string) =>
  page
    .getByRole('row', { name: new RegExp(name) })
    .getByText(word, { exact: true })
    .filter({ visible: true });

const LONG = { timeout: 60_000 };

describe('a folder of English and French documents', () => {
  test('is taken in, read to its end, and says what could not be read and what helps', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/knowledge`);
    await page.getByText('No collections yet').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'New collection' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('House papers');
    await page.getByRole('textbox', { name: 'Description' }).fill('Lease and handbook');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.waitForURL(/\/knowledge\/col_/);
    await page.getByRole('heading', { name: 'House papers' }).waitFor();

    await page.locator('input[type=file][webkitdirectory]').first().setInputFiles(folder);
    await page.getByText('1 hidden or system file was left out.').waitFor(LONG);
    const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
    await state(page, 'maison/fr/bail.md', 'ready').waitFor(LONG);
    await state(page, 'maison/handbook.pdf', 'ready').waitFor(LONG);
    await row('maison/broken.pdf').getByText('This document is damaged').waitFor(LONG);
    await row('maison/broken.pdf').getByText('Open it in the program that made it').waitFor();
    await expectAccessible(page);

    await drop(page, [{ name: 'notes.txt', content: base64('The printer stands on the second floor.') }]);
    await state(page, 'notes.txt', 'ready').waitFor(LONG);
    // The same again changes nothing, and says so.
    await drop(page, [{ name: 'notes.txt', content: base64('The printer stands on the second floor.') }]);
    await page.getByText('1 was there already, unchanged.').waitFor(LONG);

    const remove = async () => {
      await row('broken.pdf')
        .getByRole('button', { name: /Actions/ })
        .click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await row('broken.pdf').waitFor({ state: 'detached' });
    };
    await remove();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('broken.pdf').waitFor();
    await remove();
    // The offer goes, and the document with it.
    const gone = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.getByRole('button', { name: 'Close' }).last().click();
    expect((await gone).status()).toBe(204);
    await page.reload();
    await state(page, 'notes.txt', 'ready').waitFor(LONG);
    expect(await row('broken.pdf').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('is searched, and a hit opens its document at the passage', async () => {
    const [collection] = await collections();
    const { page, faults } = await openPage(browser, `${server.url}/knowledge/${collection!.id}`);
    await page.getByRole('tab', { name: 'Search test' }).click();
    await page.getByRole('searchbox', { name: 'Question to search for' }).fill('préavis');
    await page.keyboard.press('Enter');
    const hit = page.getByRole('list', { name: 'Passages found' }).getByRole('link').first();
    await hit.waitFor(LONG);
    expect(await hit.textContent()).toContain('Bail commercial');
    await hit.getByText('words').waitFor();
    await expectAccessible(page);
    // The address holds the question: a reload shows the same.
    await page.reload();
    await hit.click();
    await page.waitForURL(/\/doc_[^?]+\?at=\d+-\d+/);
    await page.locator('mark', { hasText: 'préavis de six mois' }).first().waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('answers with citations that open the page of the PDF at the marked lines', async () => {
    const [collection] = await collections();
    const { page, faults } = await openPage(browser, `${server.url}/chat?knowledge=${collection!.id}`);
    await page.getByRole('list', { name: 'Answers are drawn from' }).getByText('House papers').waitFor();
    await ask(page, 'How many days of paid leave has every employee?\n#text Twenty-seven days a year [1].');
    await page.waitForURL(/\/chat\/con_/);
    const mark = page.getByRole('button', { name: 'Source 1: Employment handbook' });
    await mark.waitFor(LONG);
    await page.getByText('no charge').waitFor();
    await mark.focus();
    await page.getByText('twenty-seven days of paid leave a year').first().waitFor();
    await page.keyboard.press('Enter');
    const beside = page.getByRole('complementary', { name: 'Employment handbook' });
    await beside.locator('[data-page="2"][data-state="drawn"] [data-passage]').first().waitFor(LONG);
    // The words of the page lie over its picture, so that they can be selected and are read aloud.
    expect(await beside.locator('[data-page="2"] .pdf-text').textContent()).toContain('twenty-seven days');
    await expectAccessible(page);
    // The open document is part of the address, and Esc closes it.
    await page.reload();
    await beside.locator('[data-passage]').first().waitFor(LONG);
    await beside.press('Escape');
    await beside.waitFor({ state: 'detached' });
    await page
      .getByRole('region', { name: 'Sources' })
      .getByRole('button', { name: /Employment handbook/ })
      .first()
      .waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('says calmly what is not in it, has it read anyway, and leads to the search', async () => {
    const [collection] = await collections();
    const { page } = await openPage(browser, `${server.url}/chat?knowledge=${collection!.id}`);
    await page.getByRole('list', { name: 'Answers are drawn from' }).getByText('House papers').waitFor();
    await ask(page, 'Which employee painted the ceiling of the Sistine chapel?');
    await page.getByText('Not in your documents').waitFor(LONG);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Read them anyway' }).click();
    await page.getByText('Read at your request').waitFor(LONG);
    await page.getByRole('button', { name: 'Previous branch' }).click();
    await page.getByText('Not in your documents').waitFor(LONG);
    await page.getByRole('link', { name: 'Try the search' }).click();
    await page.waitForURL(/tab=search&q=Which/);
    await page.context().close();
  });
});

describe('a document dropped on the composer', () => {
  test('is read, then asked about; on a phone it opens as a sheet', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/chat`, {
      locale: 'fr-FR',
      viewport: { width: 390, height: 844 },
    });
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    await drop(page, [
      { name: 'handbook.pdf', content: base64(handbook) },
      ...notices.map((text, index) => ({ name: `notice-${index}.pdf`, content: base64(onePage(text)) })),
    ]);
    // Sent while the document is on its way: it waits by itself.
    await ask(page, 'How many days of paid leave has every employee?\n#text Twenty-seven days a year [1].');
    await page.waitForURL(/\/chat\/con_/, LONG);
    expect((await collections()).map(({ name }) => name)).toContain('Documents');
    const mark = page.getByRole('button', { name: /^Source 1\s*: Employment handbook/ });
    await mark.waitFor(LONG);
    await expectAccessible(page);
    await mark.click();
    const sheet = page.getByRole('dialog', { name: 'Employment handbook' });
    await sheet.locator('[data-passage]').first().waitFor(LONG);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a text file is attached as text, or goes to knowledge instead', async () => {
    const { page } = await openPage(browser, `${server.url}/chat`);
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    await drop(page, [{ name: 'minutes.txt', content: base64('The meeting moved to Thursday.') }]);
    const list = page.getByRole('list', { name: 'Attached files' });
    await list.getByText('minutes.txt').waitFor();
    await page.getByRole('button', { name: 'Add to knowledge instead' }).click();
    await page.getByRole('list', { name: 'Answers are drawn from' }).getByText('Documents').waitFor(LONG);
    await list.getByText('ready').waitFor(LONG);
    await page.context().close();
  });
});

describe('in French', () => {
  test('une collection, une question, un renvoi', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/knowledge`, { locale: 'fr-FR' });
    await page.getByRole('heading', { name: 'Connaissances' }).waitFor();
    await page.getByRole('button', { name: 'Nouvelle collection' }).click();
    await page.getByRole('textbox', { name: 'Nom' }).fill('Baux');
    await page.getByRole('button', { name: 'Créer' }).click();
    await page.waitForURL(/\/knowledge\/col_/);
    await page.getByRole('region', { name: 'Ajouter des documents' }).waitFor();
    await drop(page, [{ name: 'bail.md', content: base64(lease) }]);
    await state(page, 'bail.md', 'prêt').waitFor(LONG);
    await page.getByRole('link', { name: 'Poser une question' }).click();
    await page.getByRole('list', { name: 'Les réponses sont tirées de' }).getByText('Baux').waitFor();
    await ask(page, 'Quel est le loyer annuel du bail ?\n#text Il est de 18 400 euros hors taxes [1].');
    await page.getByRole('button', { name: /^Source 1\s*: Bail commercial/ }).click(LONG);
    await page
      .getByRole('complementary', { name: 'Bail commercial' })
      .locator('mark', { hasText: '18 400 euros' })
      .first()
      .waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a deleted collection can be brought back', async () => {
    const { page } = await openPage(browser, `${server.url}/knowledge`, { locale: 'fr-FR' });
    await page.getByRole('button', { name: /Actions pour.*Baux/ }).click();
    await page.getByRole('menuitem', { name: 'Supprimer' }).click();
    await page.getByRole('link', { name: 'Baux' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Annuler' }).click();
    await page.getByRole('link', { name: 'Baux' }).waitFor();
    await page.context().close();
  });
});

describe('the knowledge pages', () => {
  for (const width of [1440, 390])
    test(`have no serious accessibility finding at ${width} pixels, in both themes`, async () => {
      const collection = (await collections()).find(({ name }) => name === 'House papers');
      const { documents } = await json<{ documents: { id: string; kind: string }[] }>(
        `/atelier/v1/collections/${collection!.id}/documents`,
      );
      const paths = [
        '/knowledge',
        `/knowledge/${collection!.id}`,
        `/knowledge/${collection!.id}?tab=search&q=leave`,
        ...documents
          .filter(({ kind }) => kind === 'pdf' || kind === 'markdown')
          .map(({ id }) => `/knowledge/${collection!.id}/${id}?at=0-40`),
      ];
      for (const path of paths) {
        const { page, faults } = await openPage(browser, `${server.url}${path}`, {
          viewport: { width, height: 844 },
        });
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForTimeout(600);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await expectAccessible(page);
        }
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1),
          `no sideways scrolling on ${path}`,
        ).toBe(true);
        expect(faults).toEqual([]);
        await page.context().close();
      }
    });
});

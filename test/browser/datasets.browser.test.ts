// A dataset in a real browser: begun from a file, reviewed by keyboard, redacted, frozen, deleted and brought back; and an
// answer that was rated in a chat goes into it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dataset, Example } from '../../src/contracts/dataset.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let server: RunningServer;
let browser: Browser;

const call = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
  const response = await fetch(`${server.url}/atelier/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
};

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  await call('/aliases/default', 'PUT', { model: 'scripted/script' });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const line = (question: string, answer: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  });
const file = [
  line('Where is my parcel?', 'On its way.'),
  line('Write to ada@example.org, please.', 'Done.'),
  line('May I return it?', 'Within thirty days.'),
  'no example',
].join('\n');

const statuses = async (id: string) =>
  (await call<{ examples: Example[] }>(`/datasets/${id}/examples?limit=50`)).examples
    .map(({ status }) => status)
    .sort();

const openRow = (page: Page) => page.locator('[aria-current="true"]');

describe('a dataset', () => {
  test('from a file over a review by keyboard to a version, and back after its deletion', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/improve`);
    await page.getByRole('link', { name: 'Begin a dataset' }).first().click();
    await page.getByText('No dataset yet').waitFor();
    await page.getByRole('button', { name: 'From a file' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Help desk');
    await page.getByRole('button', { name: 'Create', exact: true }).click();

    await page.getByRole('heading', { name: 'Examples from a file' }).waitFor();
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'help.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(file) });
    await page.getByRole('button', { name: 'Read it' }).click();
    const report = page.getByRole('region', { name: 'What came of it' });
    await report.getByText('It is no valid JSON').waitFor();
    expect(await report.locator('dd').first().textContent()).toBe('3');
    await page.getByRole('button', { name: 'Close' }).last().click();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';

    // What a file holds is approved: put it back, then decide by keys.
    await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
    await page.getByRole('button', { name: 'Reject' }).first().click();
    await expect.poll(() => statuses(id)).toEqual(['rejected', 'rejected', 'rejected']);
    await page.getByText('1 of 3').waitFor();
    await page.keyboard.press('a');
    await page.getByText('2 of 3').waitFor();
    await page.keyboard.press('a');
    await page.getByText('3 of 3').waitFor();
    await expect.poll(() => statuses(id)).toEqual(['approved', 'approved', 'rejected']);
    await page.keyboard.press('u');
    await page.getByText('Taken back: 1 approved').first().waitFor();
    await expect.poll(() => statuses(id)).toEqual(['approved', 'rejected', 'rejected']);
    await page.keyboard.press('k');
    await page.keyboard.press('a');
    await expect.poll(() => statuses(id)).toEqual(['approved', 'approved', 'rejected']);

    // Personal data: marked, replaced, gone.
    await page.getByRole('button', { name: /^With personal data/ }).click();
    await expect.poll(() => openRow(page).textContent()).toContain('ada@example.org');
    await page.locator('mark').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Redact all' }).click();
    await page.getByRole('dialog').getByText('Write to [EMAIL], please.').waitFor();
    await page.getByRole('button', { name: 'Replace' }).click();
    await page.getByText('1 example redacted').first().waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('button', { name: /Write to \[EMAIL\], please\./ }).waitFor();

    await page.getByRole('button', { name: 'Freeze a version' }).click();
    await page.getByRole('region', { name: 'Stays out' }).getByText('Rejected').waitFor();
    await page.getByRole('textbox', { name: 'Note' }).fill('first');
    await page.getByRole('button', { name: 'Freeze', exact: true }).click();
    await page.getByText('Version 1', { exact: true }).waitFor();
    const train = page.getByRole('link', { name: 'Train with this' });
    expect(await train.getAttribute('href')).toContain(`dataset=${id}`);
    await expectAccessible(page);

    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.waitForURL(/\/improve\/datasets$/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: /Help desk/ }).waitFor();
    expect(await call<Dataset>(`/datasets/${id}`)).toMatchObject({
      versions: [{ note: 'first', examples: 2 }],
    });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('takes a rated answer from its chat, on a phone in French', async () => {
    const conversation = await call<{ id: string }>('/conversations', 'POST', {});
    await call(`/conversations/${conversation.id}/messages`, 'POST', {
      parts: [{ type: 'text', text: '#text Lyon.' }],
    });
    const { page, faults } = await openPage(browser, `${server.url}/chat/${conversation.id}`, {
      locale: 'fr-FR',
      viewport: { width: 390, height: 844 },
    });
    await page.getByRole('button', { name: 'Bonne réponse' }).click();
    await page.getByRole('button', { name: 'Ajouter à un jeu de données' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Jeu de données' }).waitFor();
    await dialog.getByRole('button', { name: 'Ajouter', exact: true }).click();
    await page.getByRole('button', { name: 'Ouvrir', exact: true }).click();
    await page
      .getByRole('region', { name: 'Exemples' })
      .getByRole('button', { name: /Lyon\./ })
      .click();
    await page.getByRole('dialog').getByRole('link', { name: 'Ouvrir la trace' }).waitFor();
    await expectAccessible(page);
    const over = await page.evaluate(() => {
      const content = document.querySelector('#content')!;
      return content.scrollWidth - content.clientWidth;
    });
    expect(over).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

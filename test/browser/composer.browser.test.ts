// What the composer offers behind an @ and a /, and what it counts, in both languages: a document is attached whole, a
// collection and an agent become settings, an app opens on its page.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  // No source of an embedding model is reachable: documents are found by their words, which is quick.
  [server, browser] = await Promise.all([
    startServer({ env: { HF_ENDPOINT: 'http://127.0.0.1:9', PATH: '/nonexistent' } }),
    openBrowser(),
  ]);
  const send = (path: string, method: string, body: object) =>
    fetch(`${server.url}/atelier/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await send('/aliases/default', 'PUT', { model: 'scripted/script' });
  const { id } = (await (await send('/collections', 'POST', { name: 'House rules' })).json()) as {
    id: string;
  };
  const form = new FormData();
  form.append(
    'files',
    new File(['The bins go out on Tuesday.'], 'bins.txt', { type: 'text/plain' }),
    'bins.txt',
  );
  await fetch(`${server.url}/atelier/v1/collections/${id}/documents`, { method: 'POST', body: form });
  const ready = async () =>
    (
      (await (await fetch(`${server.url}/atelier/v1/documents?query=bins`)).json()) as {
        documents: unknown[];
      }
    ).documents.length;
  while ((await ready()) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
async function mention(page: Page, name: string): Promise<void> {
  await composer(page).press('End');
  await composer(page).pressSequentially(' @');
  await page.getByRole('combobox').fill(name.slice(0, 4).toLowerCase());
  await page.getByRole('option', { name }).click();
}

test('an @ names a document, a collection or an agent, and the meter says what will be read', async () => {
  const { page, faults } = await openPage(browser, `${server.url}/chat`);
  await composer(page).fill('When do the bins go out?');
  await composer(page).pressSequentially(' @');
  await page.getByRole('option', { name: /House rules/ }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await composer(page).fill('When do the bins go out?');

  await mention(page, 'House rules');
  await page.getByText(/up to [\d,]+ for passages/).waitFor();
  await mention(page, 'bins');
  await page.getByRole('list', { name: 'Attached files' }).getByText('bins.txt').waitFor();
  expect(await composer(page).inputValue()).toBe('When do the bins go out?  ');
  await composer(page).fill('When do the bins go out?\n#text On Tuesday.');
  await composer(page).press('Enter');
  await page.getByText('On Tuesday.').last().waitFor();
  await page.getByText('no charge').waitFor();

  await mention(page, 'Assistant');

  await page
    .getByRole('button', { name: /Assistant/ })
    .first()
    .waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test('une barre oblique propose les applications, chacune sur sa page', async () => {
  const options = { locale: 'fr-FR', viewport: { width: 390, height: 844 } };
  const { page, faults } = await openPage(browser, `${server.url}/chat`, options);
  await composer(page).pressSequentially('/');
  const dialog = page.getByRole('dialog', { name: 'Choisir un prompt ou une application' });
  await dialog.getByRole('button', { name: /^Traduction/ }).waitFor();
  await expectAccessible(page);
  await dialog.getByRole('searchbox').fill('tradu');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/apps\/translate$/);
  await page.goBack();
  await composer(page).waitFor();
  expect(await composer(page).inputValue()).toBe('');
  expect(faults).toEqual([]);
  await page.context().close();
});

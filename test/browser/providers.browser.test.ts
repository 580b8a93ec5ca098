// Providers and routes on the page: one is added by its kind, tested, priced; a name falls back when it fails, and the
// answer and its trace say so.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeEndpoint, json, startFakeEndpoint } from '../fake-endpoint.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let browser: Browser;
let server: RunningServer;
let upstream: FakeEndpoint;
let page: Page;
let faults: string[];

beforeAll(async () => {
  [server, browser, upstream] = await Promise.all([startServer(), openBrowser(), startFakeEndpoint()]);
  upstream.on('GET /v1/models', (response) =>
    json(response, 200, { object: 'list', data: [{ id: 'workshop-7b', object: 'model' }] }),
  );
  upstream.on('POST /v1/chat/completions', (response) =>
    json(response, 500, { error: { message: 'the card is on fire' } }),
  );
  ({ page, faults } = await openPage(browser, `${server.url}/models`));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await upstream.close();
});

test('a provider is added by its kind: its fields, a test before it is kept, and what is missing in words', async () => {
  await page.getByRole('button', { name: 'Add a provider' }).click();
  const dialog = page.getByRole('dialog');
  for (const kind of ['OpenAI', 'Anthropic', 'Google Gemini', 'Amazon Bedrock', 'llama-server'])
    await dialog.getByText(kind, { exact: true }).waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: /^Amazon Bedrock/ }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Enter a region such as eu-west-3.').waitFor();
  await dialog.getByText('Enter the key.').waitFor();
  await dialog.getByRole('button', { name: 'Back' }).click();

  await dialog.getByRole('button', { name: /^OpenAI-compatible/ }).click();
  await dialog.getByLabel('Address').fill('http://127.0.0.1:9/v1');
  await dialog.getByRole('button', { name: 'Test' }).click();
  await dialog.getByText(/Nothing answers at 127\.0\.0\.1:9/).waitFor();
  await dialog.getByLabel('Address').fill(upstream.baseUrl);
  await dialog.getByLabel('Name', { exact: true }).fill('Workshop');
  await dialog.getByRole('button', { name: 'Test' }).click();
  await dialog.getByText(/^It answers, in/).waitFor();
  await dialog.getByText('1 model: workshop-7b').waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('article', { name: 'Workshop' }).getByText('ready').waitFor();
});

test('a price that nobody knows is said to be unknown, and set', async () => {
  await page.getByRole('button', { name: /Price of workshop-7b: price unknown/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Read ($)', { exact: true }).fill('0.15');
  await dialog.getByLabel('Written ($)', { exact: true }).fill('0.6');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const price = page.getByRole('button', { name: /Price of workshop-7b: \$0\.15 in, \$0\.60 out/ });
  await price.waitFor();
  await price.focus();
  await page
    .getByRole('tooltip')
    .getByText(/^Entered by hand on /)
    .waitFor();
});

test('a name gets a fallback and a limit of time, and what is no time is refused in words', async () => {
  await page.getByRole('textbox', { name: 'new name' }).fill('careful');
  await page.keyboard.press('Enter');
  const route = page.getByRole('button', { name: 'Route of careful' });
  await route.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'First' }).click();
  await page.getByRole('option', { name: /workshop-7b/ }).click();
  await dialog.getByRole('combobox', { name: 'Add a model' }).click();
  await page.getByRole('option', { name: /Scripted echo/ }).click();
  await dialog.getByRole('combobox', { name: 'Tries again' }).click();
  await page.getByRole('option', { name: '0' }).click();
  await dialog.getByRole('textbox', { name: 'To the end (s)' }).fill('soon');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('A number of seconds, at most 3600.').waitFor();
  await dialog.getByRole('textbox', { name: 'To the end (s)' }).fill('2.5');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^then Scripted echo/).waitFor();
});

test('a chat that asks the name is answered by the fallback, and the receipt and the trace say why', async () => {
  const made = await fetch(`${server.url}/atelier/v1/conversations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'careful' }),
  });
  const { id } = (await made.json()) as { id: string };
  await page.goto(`${server.url}/chat/${id}`);
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Is anybody there?');
  await page.keyboard.press('Enter');
  const instead = page.getByText('in place of careful').first();
  await instead.waitFor();
  await instead.hover();
  await page.getByRole('tooltip').getByText(/fire/).waitFor();
  await page.getByRole('link', { name: 'trace' }).last().click();
  const note = page.getByRole('region', { name: 'How the answer was routed' });
  await note.getByText(/scripted\/echo answered in place of careful/).waitFor();
  await note.getByText(/fire/).waitFor();
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('a provider goes when its name is typed', async () => {
  await page.goto(`${server.url}/models`);
  await page.getByRole('button', { name: 'Actions for Workshop' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('workshop');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('article', { name: 'Workshop' }).waitFor({ state: 'detached' });
});

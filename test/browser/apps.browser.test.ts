// Apps in a real browser, with a scripted model: the gallery, a run with its result and trace, a stop, a failure, a batch
// over a CSV file, a user's app and a broken one; both languages and widths.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppBatch } from '../../src/contracts/app.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  await fetch(`${server.url}/atelier/v1/aliases/default`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'scripted/script' }),
  });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe('an app', () => {
  test('is found, filled in, run, and leads to its trace', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/apps`);
    await page.getByRole('link', { name: 'Sentiment' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('Needed.').waitFor();
    await page.getByRole('button', { name: 'Fill in an example' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('Probability of each label').waitFor();
    await result
      .getByText(/\d+\s?%/)
      .first()
      .waitFor();
    await result.getByText('1 model call').waitFor();
    await expectAccessible(page);
    await result.getByRole('link', { name: 'trace' }).click();
    await page.waitForURL(/\/monitor\/[0-9a-f]{32}/);
    await page.getByRole('heading', { name: 'App sentiment', level: 1 }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('streams its text, and a stop keeps what was written', async () => {
    const { page } = await openPage(browser, `${server.url}/apps/chatbot`);
    const message = page.getByRole('textbox', { name: 'Message' });
    await message.fill('#text It is **bold**.');
    await message.press('Control+Enter');
    const result = page.getByRole('region', { name: 'Result' });
    await result.locator('strong', { hasText: 'bold' }).waitFor();
    await message.fill('#delay 40\n#words 400');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const stop = page.getByRole('button', { name: 'Stop' });
    await stop.waitFor();
    await expect.poll(async () => (await result.textContent())?.length ?? 0).toBeGreaterThan(30);
    await stop.click();
    await result.getByText('Stopped.').waitFor();
    await page.context().close();
  });

  test('that fails says what happened', async () => {
    const { page } = await openPage(browser, `${server.url}/apps/chatbot`);
    await page.getByRole('textbox', { name: 'Message' }).fill('#error 401 No such key');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page
      .getByRole('alert')
      .getByText(/No such key|key/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.context().close();
  });

  test('marks what it found at its place in the text', async () => {
    const { page } = await openPage(browser, `${server.url}/apps/extract`);
    await page.getByRole('button', { name: 'Fill in an example' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByRole('rowheader', { name: 'date' }).waitFor();
    await result.locator('mark').first().waitFor();
    await expectAccessible(page);
    await page.context().close();
  });
});

describe('many rows', () => {
  test('a CSV file is mapped, worked through and downloaded', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/apps/sentiment?view=batch`);
    await page.locator('input[type=file]').setInputFiles({
      name: 'reviews.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('id;review\n1;"Good, very good"\n2;Bad\n3;So so\n'),
    });
    await page.getByText('Where each field comes from').waitFor();
    await page.getByRole('combobox', { name: 'Column for Text' }).click();
    await page.getByRole('option', { name: 'review' }).click();
    await page.getByText('Good, very good').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Start' }).click();
    const list = page.getByRole('list', { name: 'Batches' });
    await list.getByText('reviews.csv').waitFor();
    await list.getByText('3 of 3 rows').waitFor({ timeout: 30_000 });
    const { batches } = (await (await fetch(`${server.url}/atelier/v1/apps/sentiment/batches`)).json()) as {
      batches: AppBatch[];
    };
    expect(batches[0]).toMatchObject({ rows: 3, done: 3, failed: 0, columns: { text: 'review' } });
    const href = await list.getByRole('link', { name: 'Download CSV' }).getAttribute('href');
    const csv = await (await fetch(new URL(href!, server.url))).text();
    expect(csv.split('\n')[0]).toContain('label');
    expect(csv).toContain('Good, very good');
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('apps of a user', () => {
  test('appear when their file does; a broken file says why', async () => {
    const folder = join(server.dataDir, 'apps');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'shout.ts'),
      'export default async function shout(input: string) { return { loud: String(input).toUpperCase() }; }\n',
    );
    writeFileSync(join(folder, 'broken.ts'), 'export default 3;\n');
    const { page } = await openPage(browser, `${server.url}/apps`);
    await page.getByText('broken.ts exports no app').waitFor({ timeout: 20_000 });
    await page.getByRole('link', { name: /shout/i }).click();
    await page.getByRole('textbox').first().fill('quiet');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('region', { name: 'Result' }).getByText('QUIET').waitFor();
    await page.context().close();
  });
});

const pages = [
  '/apps',
  '/apps/writer',
  '/apps/coder',
  '/apps/extract',
  '/apps/sentiment?view=batch',
  '/apps/guidelines?view=code',
  '/apps/translate?view=figures',
];

describe.each([
  ['en', 1440, 'light'],
  ['en', 390, 'dark'],
  ['fr', 1440, 'dark'],
  ['fr', 390, 'light'],
] as const)('the pages of apps in %s at %d, %s', (language, width, colorScheme) => {
  test('have no serious finding, and nothing wider than the screen', async () => {
    const { page } = await openPage(browser, server.url, {
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
      viewport: { width, height: width < 600 ? 844 : 900 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    for (const path of pages) {
      await page.goto(server.url + path);
      await page.locator('main h1').first().waitFor();
      await page.waitForFunction(() => !document.querySelector('main [role="status"] .animate-wait'));
      await page.waitForTimeout(200);
      await expectAccessible(page);
      const over = await page.evaluate(() => {
        const main = document.querySelector('main')!;
        return main.scrollWidth - main.clientWidth;
      });
      expect(over, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  });
});

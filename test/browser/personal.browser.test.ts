// What is each person's own on the page: theme and language follow whoever signs in. And what works where the page came over
// plain http from elsewhere, where browsers have neither a clipboard for scripts nor random ids.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import enCommon from '../../src/interface/web/i18n/en/common.json' with { type: 'json' };
import enSettings from '../../src/interface/web/i18n/en/settings.json' with { type: 'json' };
import frAccess from '../../src/interface/web/i18n/fr/access.json' with { type: 'json' };
import frSettings from '../../src/interface/web/i18n/fr/settings.json' with { type: 'json' };
import { openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let browser: Browser;
let server: RunningServer;
beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const password = 'analytical engine 1843';
const ada = { name: 'Ada', email: 'ada@example.org', password };
const mia = { name: 'Mia', email: 'mia@example.org', password, role: 'member' };

/** What a page over plain http from another machine lacks. */
const asFromElsewhere = (page: Page) =>
  page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });
    Reflect.deleteProperty(Crypto.prototype, 'randomUUID');
  });

async function pasted(page: Page): Promise<string> {
  await page.evaluate(() => {
    const area = document.createElement('textarea');
    area.id = 'pasted';
    document.body.append(area);
    area.focus();
  });
  await page.keyboard.press('Control+V');
  return page.locator('#pasted').inputValue();
}

test('without a clipboard for scripts the buttons copy all the same, and a file is attached', async () => {
  const { page, faults } = await openPage(browser, server.url);
  await asFromElsewhere(page);
  await page.goto(`${server.url}/agents/assistant?view=code`);
  await page.getByRole('button', { name: enCommon.copy_code }).first().click();
  await page.getByText(enCommon.copied, { exact: true }).first().waitFor();
  expect(await pasted(page)).toContain('agents/assistant');
  await page.goto(`${server.url}/chat`);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('Hello') });
  await page.getByText('note.txt').first().waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test('theme and language are of whoever signs in, and signing in has the browser’s language', async () => {
  const { page } = await openPage(browser, server.url, { locale: 'fr-FR' });
  const post = (path: string, body: unknown) =>
    page.evaluate(
      async ([to, json]) => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`/atelier/v1${to}`, { method: 'POST', headers, body: json ?? '' });
        return answer.status;
      },
      [path, JSON.stringify(body)],
    );
  expect(await post('/accounts', ada)).toBeLessThan(300);
  expect(await post('/session', ada)).toBe(200);
  expect(await post('/users', mia)).toBe(201);
  const leave = async () => {
    await page.evaluate(() => fetch('/atelier/v1/session', { method: 'DELETE' }));
    await page.goto(`${server.url}/settings`);
    await page.getByRole('heading', { name: frAccess.sign_in.title }).waitFor();
  };
  const enter = async ({ email }: { email: string }) => {
    await page.locator('input[type=email]').fill(email);
    await page.locator('input[type=password]').fill(password);
    await page.keyboard.press('Enter');
  };
  const looks = () =>
    page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme ?? 'auto']);
  const choose = async (label: string, option: string) => {
    await page.getByLabel(label, { exact: true }).click();
    await page.getByRole('option', { name: option }).click();
  };
  await leave();
  await enter(mia);
  await choose(frSettings.theme.title, frSettings.theme.dark);
  await choose(frSettings.language.title, frSettings.language.en);
  await page.getByLabel(enSettings.language.title, { exact: true }).waitFor();
  await expect.poll(looks).toEqual(['en', 'dark']);
  await leave();
  await enter(ada);
  await page.getByLabel(frSettings.language.title, { exact: true }).waitFor();
  await expect.poll(looks).toEqual(['fr', 'auto']);
  await leave();
  await enter(mia);
  await page.getByLabel(enSettings.language.title, { exact: true }).waitFor();
  await expect.poll(looks).toEqual(['en', 'dark']);
  await page.context().close();
});

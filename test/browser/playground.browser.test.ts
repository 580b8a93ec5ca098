// The playground of what is served, in a real browser under the server's own policy: a form from the schema, an answer
// that streams, a thumb that becomes a score; in both languages.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await createTestApp();
  await app.services.registry.setAlias('default', 'scripted/script');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

test('an application: fields, output and a thumb', async () => {
  const { page, faults } = await openPage(browser, `${await app.url()}/serve/apps/chatbot/playground/`);
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.locator('textarea').first().fill('#text Hello from the form');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect.poll(() => page.locator('#output').textContent()).toContain('Hello from the form');
  await expect.poll(() => page.locator('#state').textContent()).toBe('Done.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Good answer' }).click();
  await expect.poll(() => page.locator('#state').textContent()).toBe('Noted, thank you.');
  const href = await page.locator('#trace').getAttribute('href');
  const { summary } = await app.services.ledger.getTrace(href?.split('/').at(-1) ?? '', null);
  expect(summary).toMatchObject({ rating: 1, name: 'serve apps/chatbot', source: 'page' });
  expect(faults).toEqual([]);
});

test('an agent, in French: one text, its steps', async () => {
  const { page, faults } = await openPage(browser, `${await app.url()}/serve/agents/assistant/playground/`, {
    locale: 'fr-FR',
  });
  expect(await page.locator('html').getAttribute('lang')).toBe('fr');
  await page.locator('textarea').fill('#tool calculator {"expression":"6*7"}\n#step\n#text Cela fait 42.');
  await page.getByRole('button', { name: 'Lancer' }).click();
  await expect.poll(() => page.locator('#output').textContent()).toBe('Cela fait 42.');
  await expect.poll(() => page.locator('#steps li').allTextContents()).toContain('calculator 42');
  expect(faults).toEqual([]);
});

test('what goes wrong is said', async () => {
  const { page } = await openPage(browser, `${await app.url()}/serve/apps/chatbot/playground/`);
  await page.locator('textarea').first().fill('#error 429 Slow down');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect.poll(() => page.locator('#state').textContent()).toContain('Slow down');
});

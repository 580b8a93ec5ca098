// The API page in a real browser: it draws the routes under its own policy, and asks no other host.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { openBrowser, openPage } from '../open-browser.ts';

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await createTestApp();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await app.close();
});

test('the API page lists the routes and runs one', async () => {
  const { page, faults } = await openPage(browser, `${await app.url()}/docs`);
  const health = page.locator('.opblock', { hasText: '/health' });
  await health.locator('.opblock-summary-control').click();
  await health.getByRole('button', { name: 'Try it out' }).click();
  await health.getByRole('button', { name: 'Execute' }).click();
  await expect
    .poll(() => health.locator('.live-responses-table').textContent(), { timeout: 15_000 })
    .toContain('"status": "ok"');
  // It draws what is in sight: the last wire comes with scrolling.
  const last = page.locator('.opblock', { hasText: '/serve/{kind}/{name}/config_schema' });
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, 4000);
        return last.count();
      },
      { timeout: 15_000 },
    )
    .toBeGreaterThan(0);
  expect(faults).toEqual([]);
});

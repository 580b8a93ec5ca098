// One door, on the page and in both languages: accounts are turned on, a colleague gets a key with a monthly budget, calls
// over HTTP, is seen in the figures, is refused when the budget is spent, and signs in with less to see than an admin.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import enAccess from '../../src/interface/web/i18n/en/access.json' with { type: 'json' };
import enCommon from '../../src/interface/web/i18n/en/common.json' with { type: 'json' };
import enErrors from '../../src/interface/web/i18n/en/errors.json' with { type: 'json' };
import enShell from '../../src/interface/web/i18n/en/shell.json' with { type: 'json' };
import enUsage from '../../src/interface/web/i18n/en/usage.json' with { type: 'json' };
import frAccess from '../../src/interface/web/i18n/fr/access.json' with { type: 'json' };
import frCommon from '../../src/interface/web/i18n/fr/common.json' with { type: 'json' };
import frErrors from '../../src/interface/web/i18n/fr/errors.json' with { type: 'json' };
import frShell from '../../src/interface/web/i18n/fr/shell.json' with { type: 'json' };
import frUsage from '../../src/interface/web/i18n/fr/usage.json' with { type: 'json' };
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const en = { access: enAccess, common: enCommon, errors: enErrors, shell: enShell, usage: enUsage };
const fr = { access: frAccess, common: frCommon, errors: frErrors, shell: frShell, usage: frUsage };

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const MODEL = 'scripted/echo';
const admin = { name: 'Ada Lovelace', email: 'ada@example.org', password: 'analytical engine 1843' };
const colleague = { name: 'Grace Hopper', email: 'grace@example.org', password: 'nanoseconds of wire' };

/** A dollar for a thousand tokens read or written, so that a word costs something. */
async function priceTheModel(server: RunningServer): Promise<void> {
  const response = await fetch(`${server.url}/atelier/v1/prices`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: MODEL,
      price: {
        kind: 'tokens',
        input: 1_000_000_000_000,
        output: 1_000_000_000_000,
        cacheRead: null,
        cacheWrite: null,
        source: 'entered by hand',
        date: '2026-11-30',
      },
    }),
  });
  expect(response.status).toBe(204);
}

async function ask(server: RunningServer, key: string): Promise<Response> {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: MODEL,
      max_tokens: 20,
      messages: [{ role: 'user', content: 'How long is a nanosecond?' }],
    }),
  });
  await response.clone().text();
  return response;
}

describe.each([
  ['English', 'en-GB', en],
  ['French', 'fr-FR', fr],
] as const)('one door in %s', (_name, locale, words) => {
  let server: RunningServer;
  let page: Page;
  let faults: string[];
  let secret = '';
  const w = words.access;
  /** Structure and contrast are those of the other language. */
  const checkAccess = () => (words === en ? expectAccessible(page) : undefined);

  const go = (path: string) => page.goto(`${server.url}${path}`);
  const textbox = (name: string) => page.getByLabel(name, { exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  async function choose(label: string, option: string): Promise<void> {
    await page.getByRole('combobox', { name: label, exact: true }).click();
    await page.getByRole('option', { name: option }).click();
  }

  beforeAll(async () => {
    server = await startServer();
    await priceTheModel(server);
    ({ page, faults } = await openPage(browser, `${server.url}/settings?tab=people`, { locale }));
  });
  afterAll(async () => {
    await page.context().close();
    await server.stop();
  });

  test('whoever is on the machine turns accounts on and is its first admin', async () => {
    await button(w.claim.verb).click();
    await page.getByText(w.email_wrong).waitFor();
    await textbox(w.name).fill(admin.name);
    await textbox(w.email).fill(admin.email);
    await textbox(w.password).fill(admin.password);
    await checkAccess();
    await button(w.claim.verb).click();
    await page.getByRole('heading', { name: w.people.title }).waitFor();
    await page.getByText(w.people.you, { exact: true }).waitFor();
    await button(words.shell.sign_out).waitFor();
    // Nobody else gets in any more.
    expect((await fetch(`${server.url}/atelier/v1/users`)).status).toBe(401);
  });

  test('adds a colleague', async () => {
    await button(w.people.add).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(w.name, { exact: true }).fill(colleague.name);
    await dialog.getByLabel(w.email, { exact: true }).fill(colleague.email);
    await dialog.getByRole('button', { name: w.password_make }).click();
    expect(await dialog.getByLabel(w.password, { exact: true }).inputValue()).toMatch(/^[a-z0-9-]{20,}$/);
    await dialog.getByLabel(w.password, { exact: true }).fill(colleague.password);
    await checkAccess();
    await dialog.getByRole('button', { name: words.common.add }).click();
    await page.getByText(colleague.email).waitFor();
  });

  test('gives the colleague a key with a monthly budget, whose secret is shown once', async () => {
    await page.getByRole('tab', { name: w.tab.keys }).click();
    await button(w.keys.add).click();
    await page.getByRole('dialog').getByLabel(w.name, { exact: true }).fill('Laptop');
    await choose(w.keys.owner, colleague.name);
    await page.getByLabel(w.keys.monthly, { exact: true }).fill(locale === 'fr-FR' ? '0,06' : '0.06');
    await checkAccess();
    await button(w.keys.verb).click();
    const shown = page.getByRole('textbox', { name: w.secret.label, exact: true });
    await shown.waitFor();
    secret = await shown.inputValue();
    expect(secret).toMatch(/^atl_/);
    await page.getByText(`baseURL: '${server.url}/v1'`).waitFor();
    await page.getByRole('tab', { name: 'Claude Code' }).click();
    await page.getByText(`ANTHROPIC_BASE_URL='${server.url}'`).waitFor();
    await checkAccess();
    await button(w.secret.done).click();
    await page.getByText(w.key_state.active, { exact: true }).waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  test('the key opens the door, the figures show whose it was, and the bar of the budget moves', async () => {
    const answer = await ask(server, secret);
    expect(answer.status).toBe(200);
    await go('/monitor?tab=usage&by=user');
    const table = page.getByRole('table', { name: words.usage.table });
    await table.getByRole('rowheader', { name: colleague.name }).waitFor();
    await page.getByRole('figure').first().waitFor();
    await checkAccess();
    await table.getByRole('link', { name: colleague.name }).click();
    await page.getByRole('link', { name: `chat ${MODEL}` }).waitFor();
    await page.getByRole('link', { name: `chat ${MODEL}` }).click();
    await page.getByText('Laptop').first().waitFor();

    await go('/settings?tab=budgets');
    const bar = page.getByRole('meter');
    await bar.waitFor();
    expect(Number(await bar.getAttribute('value'))).toBeGreaterThan(0);
    await checkAccess();
  });

  test('a call over the budget is refused, and the trace says why in words', async () => {
    let last = await ask(server, secret);
    for (let calls = 0; last.status === 200 && calls < 20; calls++) last = await ask(server, secret);
    expect(last.status).toBe(429);
    expect(await last.text()).toContain('insufficient_quota');
    await go('/monitor?status=error');
    await page
      .getByRole('link', { name: `chat ${MODEL}` })
      .first()
      .click();
    await page.getByText(words.errors.budget_exceeded.title).waitFor();
    await go('/settings?tab=audit');
    await page.getByText(w.audit.actions.key_create).first().waitFor();
    // Names and words, not ids and codes; and on a phone the tab that is open is seen whole.
    await page.getByText(`${w.subject_which.key} Laptop`).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    const tab = page.getByRole('tab', { name: w.tab.audit });
    await expect
      .poll(async () => {
        const box = await tab.boundingBox();
        return box !== null && box.x >= 0 && box.x + box.width <= 390;
      })
      .toBe(true);
    await page.setViewportSize({ width: 1440, height: 900 });
    await checkAccess();
  });

  test('a revoked key is refused at once', async () => {
    await go('/settings?tab=keys');
    await page.getByRole('button', { name: w.keys.revoke_named.replace('{{name}}', 'Laptop') }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('laptop');
    await page.getByRole('dialog').getByRole('button', { name: w.keys.revoke, exact: true }).click();
    await page.getByText(w.key_state.revoked, { exact: true }).waitFor();
    expect((await ask(server, secret)).status).toBe(401);
  });

  test('signs out; the colleague signs in and sees what a member may', async () => {
    await button(words.shell.sign_out).click();
    await page.getByRole('heading', { name: w.sign_in.title }).waitFor();
    await checkAccess();
    expect(faults).toEqual([]);
    await textbox(w.email).fill(colleague.email);
    await textbox(w.password).fill('something else entirely');
    await button(w.sign_in.verb).click();
    await page.getByRole('alert').waitFor();
    await textbox(w.password).fill(colleague.password);
    await textbox(w.password).press('Enter');
    await page.getByText(colleague.name).first().waitFor();
    await go('/settings');
    await page
      .getByRole('list', { name: w.sessions.title })
      .getByText(w.sessions.current, { exact: true })
      .waitFor();
    await page.getByRole('tab', { name: w.tab.keys }).waitFor();
    expect(await page.getByRole('tab', { name: w.tab.people }).count()).toBe(0);
    await page.getByText(w.not_yours).waitFor();
    await go('/monitor?tab=usage');
    await page.getByText(words.usage.only_yours).waitFor();
  });
});

// The first journey in a real browser, in English and in French: talk to a scripted model, stop, reload in mid-answer,
// edit and branch, rate, find the trace; hostile Markdown; a failing model; the keyboard alone.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Trace, TraceSummary } from '../../src/contracts/span.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  // Without a local model the scripted one is asked for by name, as a person would choose it in the picker.
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

const words = {
  en: {
    message: 'Message',
    stop: 'Stop (Esc)',
    edit: 'Edit and branch',
    good: 'Good answer',
    trace: 'trace',
    send: 'Send',
  },
  fr: { message: 'Message', stop: 'Arrêter (Échap)', edit: '', good: '', trace: 'trace', send: 'Envoyer' },
};

async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: 'Message', exact: true });
  await composer.fill(text);
  await composer.press('Enter');
  await page.waitForURL(/\/chat\/con_/);
}

/** The answer is whole when its receipt stands under it. */
const finished = (page: Page) => page.getByText('no charge').last().waitFor();

const json = async <T>(path: string): Promise<T> => (await (await fetch(`${server.url}${path}`)).json()) as T;

describe('a chat in English', () => {
  test('the first answer, its receipt and its trace', async () => {
    const { page, faults } = await openPage(browser, server.url);
    await say(page, '#text The capital of France is Paris.');
    await page.getByText('The capital of France is Paris.').last().waitFor();
    await page.getByText('no charge').waitFor();
    await expectAccessible(page);

    await page.getByRole('link', { name: /trace/i }).last().click();
    await page.waitForURL(/\/monitor\/[0-9a-f]{32}/);
    const traceId = page.url().split('/').at(-1)!;
    const trace = await json<Trace>(`/atelier/v1/traces/${traceId}`);
    expect(trace.summary.model).toBe('scripted/script');
    expect(trace.summary.source).toBe('page');
    expect(trace.summary.usage.output).toBeGreaterThan(0);
    await page.getByText('The capital of France is Paris.').first().waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('stop keeps what was written and stops the model', async () => {
    const { page } = await openPage(browser, server.url);
    await say(page, '#delay 40\n#words 400');
    await page.getByRole('button', { name: words.en.stop }).waitFor();
    await page.waitForTimeout(1200);
    await page.keyboard.press('Escape');
    await page.getByText('Stopped.').waitFor();
    const cancelled = async () =>
      (await json<{ traces: TraceSummary[] }>('/atelier/v1/traces?status=cancelled')).traces;
    await expect.poll(async () => (await cancelled()).length, { timeout: 5000 }).toBeGreaterThan(0);
    expect((await cancelled())[0]!.usage.output).toBeLessThan(200);
    await page.context().close();
  });

  test('a reload in mid-answer and a second tab pick the stream up', async () => {
    const { page } = await openPage(browser, server.url);
    await say(page, '#delay 25\n#words 120\n#text The end of it.');
    await page.getByRole('button', { name: words.en.stop }).waitFor();
    await page.waitForTimeout(700);
    await page.reload();
    const second = await page.context().newPage();
    await second.goto(page.url());
    await Promise.all([
      page.getByText('The end of it.').last().waitFor(),
      second.getByText('The end of it.').last().waitFor(),
    ]);
    await Promise.all([finished(page), finished(second)]);
    const answer = (tab: Page) =>
      tab
        .getByRole('article', { name: /^Answer by/ })
        .last()
        .textContent();
    expect(await answer(second)).toBe(await answer(page));
    await page.context().close();
  });

  test('edit makes a branch, and both branches stay', async () => {
    const { page } = await openPage(browser, server.url);
    await say(page, '#text First version.');
    await page.getByText('First version.').last().waitFor();
    await page.getByText('no charge').waitFor();
    await page.getByRole('button', { name: words.en.edit }).first().click();
    const box = page.getByRole('textbox', { name: 'Edit the message' });
    await box.fill('#text Second version.');
    await box.press('Enter');
    await page.getByText('Second version.').last().waitFor();
    await page.getByText('2/2').first().waitFor();
    await page.getByRole('button', { name: 'Previous branch' }).first().click();
    await page.getByText('First version.').last().waitFor();
    await page.getByText('1/2').first().waitFor();
    await page.context().close();
  });

  test('a rating with a reason reaches the trace', async () => {
    const { page } = await openPage(browser, server.url);
    await say(page, '#text Rate me.');
    await page.getByText('no charge').waitFor();
    await page.getByRole('button', { name: words.en.good }).last().click();
    await expect
      .poll(
        async () => (await json<{ traces: TraceSummary[] }>('/atelier/v1/traces?rating=1')).traces.length,
        { timeout: 5000 },
      )
      .toBeGreaterThan(0);
    await page.context().close();
  });

  test('a failing model says what happened and what to do', async () => {
    const { page } = await openPage(browser, server.url);
    await say(page, '#error 429 Slow down, please.');
    await page.getByRole('alert').first().waitFor();
    await page
      .getByRole('button', { name: /again|retry/i })
      .first()
      .waitFor();
    await page.context().close();
  });

  test('hostile Markdown is inert', async () => {
    const { page, faults } = await openPage(browser, server.url);
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs++;
      void dialog.dismiss();
    });
    await say(page, '#hostile');
    await page.getByText('no charge').waitFor();
    await page.waitForTimeout(1500);
    expect(dialogs).toBe(0);
    expect(await page.evaluate(() => (globalThis as { hacked?: unknown }).hacked)).toBeUndefined();
    const main = page.getByRole('main');
    for (const selector of [
      'script',
      'iframe',
      'form',
      'object',
      'embed',
      'img[src^="http"]',
      'a[href^="javascript"]',
      'a[href^="data"]',
      '[onerror]',
      '[onclick]',
      '[onload]',
    ])
      expect(
        await main.locator(`.prose ${selector}, [data-markdown] ${selector}, article ${selector}`).count(),
        selector,
      ).toBe(0);
    expect(faults.filter((fault) => fault.startsWith('request to'))).toEqual([]);
    await page.context().close();
  });

  test('a rich answer is drawn: table, code, formula, diagram', async () => {
    const { page, faults } = await openPage(browser, server.url);
    await say(page, '#markdown');
    await page.getByText('no charge').waitFor({ timeout: 30_000 });
    await page.locator('table').first().waitFor();
    await page.locator('.katex').first().waitFor();
    await page.locator('pre code, code pre, [data-code-block], pre').first().waitFor();
    await page.locator('figure img[src^="data:image/svg+xml"]').first().waitFor({ timeout: 20_000 });
    await expectAccessible(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('the keyboard alone', () => {
  test('asks, reads, rates and opens the trace', async () => {
    const { page } = await openPage(browser, server.url);
    // The composer has the focus when the page opens.
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    await page.keyboard.type('#text Written without a mouse.');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/chat\/con_/);
    await finished(page);
    const reach = async (name: string | RegExp, role: 'button' | 'link') => {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Shift+Tab');
        const focused = page.locator(':focus');
        if ((await focused.count()) > 0 && (await page.getByRole(role, { name }).and(focused).count()) > 0)
          return;
      }
      throw new Error(`the keyboard does not reach the ${role} ${String(name)}`);
    };
    await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
    await reach(words.en.good, 'button');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
    await reach(/trace/i, 'link');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/monitor\/[0-9a-f]{32}/);
    await page.keyboard.press('Control+k');
    await page.locator('[role=dialog] input:focus').waitFor();
    await page.keyboard.type('Models');
    // Conversations that hold the word may stand above the door; the arrows reach it.
    const chosen = page.getByRole('option', { name: /^Models/, selected: true });
    await page
      .getByRole('option', { name: /^Models/ })
      .first()
      .waitFor();
    for (let i = 0; i < 30 && (await chosen.count()) === 0; i++) {
      await page.keyboard.press('ArrowDown');
      await page.waitForTimeout(50);
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/models/);
    await page.context().close();
  });
});

describe('a first run that finds no source', () => {
  test('says what was tried and offers the other ways', async () => {
    const alone = await startServer({
      model: 'smollm2-135m-instruct',
      env: { HF_ENDPOINT: 'http://127.0.0.1:9', PATH: '/nonexistent' },
    });
    try {
      const { page } = await openPage(browser, alone.url);
      await page.getByText('No model could be fetched').waitFor({ timeout: 30_000 });
      await page.getByRole('button', { name: 'An address and a key' }).first().waitFor();
      await page.getByRole('button', { name: 'A file on this machine' }).first().waitFor();
      await expectAccessible(page);
      await page.context().close();
    } finally {
      await alone.stop();
    }
  });
});

describe('a chat in French', () => {
  test('the same journey, in French from the first paint', async () => {
    const { page, faults } = await openPage(browser, server.url, { locale: 'fr-FR' });
    // Nothing is painted before the words of the language are there, so the first thing seen is French.
    await page.locator('main').first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await say(page, '#text La capitale de la France est Paris.');
    await page.getByText('La capitale de la France est Paris.').last().waitFor();
    await page
      .getByText(/gratuit|sans frais|rien n.est facturé/i)
      .first()
      .waitFor();
    await expectAccessible(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('the language can be switched and stays', async () => {
    const { page } = await openPage(browser, `${server.url}/settings`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.getByRole('combobox', { name: 'Language' }).click();
    await page.getByRole('option', { name: 'Français' }).click();
    await page.getByRole('heading', { name: 'Réglages' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Réglages' }).waitFor();
    await fetch(`${server.url}/atelier/v1/settings`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ language: 'auto' }),
    });
    await page.context().close();
  });
});

describe('doors', () => {
  for (const [path, width] of [
    ['/', 1440],
    ['/', 390],
    ['/chat', 1440],
    ['/models', 1440],
    ['/models', 390],
    ['/monitor', 1440],
    ['/settings', 390],
  ] as const) {
    test(`${path} at ${width} pixels has no serious accessibility finding, in both themes`, async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, faults } = await openPage(browser, `${server.url}${path}`, {
          viewport: { width, height: 844 },
          colorScheme,
        });
        await page.getByRole('main').waitFor();
        await page.waitForTimeout(800);
        await expectAccessible(page);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1),
          'no sideways scrolling',
        ).toBe(true);
        expect(faults).toEqual([]);
        await page.context().close();
      }
    });
  }
});

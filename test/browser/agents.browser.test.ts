// Agents in a real browser, with a scripted model: one is made, plans, calls tools, asks (yes, no, edit), writes a file;
// what waits is counted at the door; the drawing lights up; tools, servers and the trace; both languages and widths.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Approval } from '../../src/contracts/agent.ts';
import type { Conversation } from '../../src/contracts/conversation.ts';
import type { Run } from '../../src/contracts/run.ts';
import type { Trace } from '../../src/contracts/span.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

let server: RunningServer;
let browser: Browser;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}/atelier/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  await call('PUT', '/aliases/default', { model: 'scripted/script' });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const script = (path: string) =>
  [
    'Add up the invoices.',
    '#plan Read the invoices | Add them up | Write the summary',
    '#tool calculator {"expression":"1200 + 350"}',
    '#step',
    `#tool write_file {"path":"${path}","content":"Total: 1550"}`,
    '#step',
    '#text The total is 1,550.',
  ].join('\n');

async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: 'Message', exact: true });
  await composer.fill(text);
  await composer.press('Enter');
}

/** A chat with two tools that waits for a yes to write `path`. */
async function openWaiting(path: string, options = {}): Promise<{ page: Page; faults: string[] }> {
  const { id } = await call<Conversation>('POST', '/conversations', { tools: ['calculator', 'write_file'] });
  const opened = await openPage(browser, `${server.url}/chat/${id}`, options);
  await say(opened.page, script(path));
  return opened;
}

describe('an agent', () => {
  test('is made, plans, calls, asks and writes a file; the trace shows each step', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/agents`);
    await page.getByRole('button', { name: 'New agent' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name for people' }).fill('Bookkeeper');
    await dialog.getByRole('textbox', { name: 'Instructions' }).fill('You add up invoices.');
    await dialog.getByRole('checkbox', { name: /Calculate/ }).check();
    await dialog.getByRole('checkbox', { name: /Write a file/ }).check();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/agents\/bookkeeper$/);

    await page.getByRole('link', { name: 'Open a chat' }).click();
    await page.getByRole('list', { name: 'Agent and tools' }).getByText('Bookkeeper').waitFor();
    await say(page, script('summary.md'));
    await page.waitForURL(/\/chat\/con_/);

    const plan = page.getByRole('region', { name: 'Plan' });
    await plan.getByText('Read the invoices').waitFor();
    const card = page.getByRole('region', { name: /Needs your yes/ });
    await card.getByText('It will write 11 characters to the file summary.md').waitFor();
    await page.getByText('1 approval waiting').first().waitFor({ state: 'attached' });
    await expectAccessible(page);

    await plan.getByRole('button', { name: 'Edit the plan' }).click();
    await plan.getByRole('textbox', { name: 'Step 3' }).fill('Write a short summary');
    await plan.getByRole('button', { name: 'Add a step' }).click();
    await plan.getByRole('textbox', { name: 'Step 4' }).fill('Tell the person');
    await plan.getByRole('button', { name: 'Save' }).click();
    await plan.getByText('Tell the person').waitFor();

    await card.getByRole('button', { name: 'Yes, do it' }).click();
    await page.getByText('The total is 1,550.').last().waitFor();
    const file = page.getByRole('link', { name: 'Download summary.md' });
    await file.waitFor();
    expect(await (await fetch(new URL((await file.getAttribute('href'))!, server.url))).text()).toBe(
      'Total: 1550',
    );
    await page.getByText('1 approval waiting').first().waitFor({ state: 'detached' });
    await page.getByText('Write a file', { exact: true }).click();
    await page.getByText('You said yes.').waitFor();

    await page.getByRole('link', { name: 'trace' }).last().click();
    await page.waitForURL(/\/monitor\/[0-9a-f]{32}/);
    const traceId = /\/monitor\/([0-9a-f]{32})/.exec(page.url())![1]!;
    const trace = await call<Trace>('GET', `/traces/${traceId}`);
    const names = trace.spans.map(({ name }) => name);
    for (const name of ['execute_tool calculator', 'wait_for_approval write_file', 'execute_tool write_file'])
      expect(names).toContain(name);
    await page.getByRole('button', { name: /Waits for a yes: Write a file/ }).click();
    await page.getByText('The person said yes.').waitFor();
    await page.getByRole('button', { name: /^Write a file/ }).click();
    await page.getByText('Wrote 11 bytes to summary.md.').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Open Tools' }).click();
    await page.waitForURL(/\/agents\?tab=tools/);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a no with a reason, by keyboard alone, reaches the model', async () => {
    const { page } = await openWaiting('never.md');
    const card = page.getByRole('region', { name: /Needs your yes/ });
    await card.waitFor();
    await page.getByRole('textbox', { name: 'Message', exact: true }).focus();
    const no = card.getByRole('button', { name: 'No', exact: true });
    for (let i = 0; i < 40 && !(await no.evaluate((one) => one === document.activeElement)); i++)
      await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Not on my disk.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('The total is 1,550.').last().waitFor();
    await page.getByText('not allowed').waitFor();
    await page.getByRole('article').getByText('Write a file', { exact: true }).click();
    await page.getByText('You said no. Reason: Not on my disk.').waitFor();
    expect(await page.getByRole('link', { name: /Download/ }).count()).toBe(0);
    await page.context().close();
  });

  test('arguments are edited against the schema before the yes', async () => {
    const { page } = await openWaiting('first.md');
    const card = page.getByRole('region', { name: /Needs your yes/ });
    await card.getByRole('button', { name: 'Edit' }).click();
    const editor = card.getByRole('textbox', { name: 'Arguments' });
    const yes = card.getByRole('button', { name: 'Yes, with these' });
    await editor.fill('{"path":');
    await card.getByText(/This is not JSON yet/).waitFor();
    await editor.fill('{"path": 3}');
    await card.getByText('path must be of type string.').waitFor();
    await card.getByText('content is missing (string).').waitFor();
    expect(await yes.isDisabled()).toBe(true);
    await editor.fill('{"path": "second.md", "content": "Edited by hand"}');
    await card.getByText('Fits the schema.').waitFor();
    await expectAccessible(page);
    await yes.click();
    const file = page.getByRole('link', { name: 'Download second.md' });
    await file.waitFor();
    expect(await (await fetch(new URL((await file.getAttribute('href'))!, server.url))).text()).toBe(
      'Edited by hand',
    );
    await page.context().close();
  });

  test('works outside a chat; what waits is answered at the door, in French', async () => {
    const { page } = await openPage(browser, `${server.url}/agents/assistant`, { locale: 'fr-FR' });
    await page.getByRole('textbox', { name: 'Que doit-il faire' }).fill(script('note.md'));
    await page.getByRole('button', { name: 'Lancer' }).click();
    await page.getByRole('region', { name: /Attend votre accord/ }).waitFor();
    const { approvals } = await call<{ approvals: Approval[] }>('GET', '/approvals?open=true');
    expect(approvals).toHaveLength(1);
    await page.getByRole('link', { name: /1 accord en attente/ }).click();
    await page.getByRole('tab', { name: 'Exécutions' }).click();
    const run = page.getByRole('link', { name: /note\.md/ });
    await run.getByText('attend votre accord').waitFor();
    await page.getByRole('tab', { name: /En attente de vous/ }).click();
    const card = page.getByRole('region', { name: /Attend votre accord/ });
    await card.getByText('Assistant demande').waitFor();
    await expectAccessible(page);
    await card.getByRole('button', { name: 'Oui, faites-le' }).click();
    await page.getByText('Rien ne vous attend').waitFor();
    await page.getByRole('tab', { name: 'Exécutions' }).click();
    await run.getByText('terminée').waitFor();
    await run.click();
    await page.waitForURL(/\/agents\/runs\/run_/);
    await page.getByRole('heading', { level: 1, name: /note\.md/ }).waitFor();
    await page.getByText('The total is 1,550.', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Télécharger note.md' }).waitFor();
    await page.context().close();
  });

  test('is deleted and brought back', async () => {
    const { id } = await call<Agent>('POST', '/agents', { name: 'passing', title: 'Passing' });
    const { page } = await openPage(browser, `${server.url}/agents`);
    await page.getByRole('button', { name: 'Actions for “Passing”' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('Passing is deleted', { exact: true }).waitFor();
    await expect.poll(async () => page.getByRole('link', { name: 'Passing' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Passing' }).waitFor();
    expect((await call<Agent>('GET', '/agents/passing')).id).toBe(id);
    await page.context().close();
  });
});

describe('tools and servers', () => {
  test('a tool is switched off and asked about otherwise', async () => {
    const { page } = await openPage(browser, `${server.url}/agents?tab=tools`);
    const toggle = page.getByRole('switch', { name: 'Look at the clock is switched on' });
    await toggle.click();
    await expect
      .poll(
        async () =>
          (await call<{ tools: { name: string; enabled: boolean }[] }>('GET', '/tools')).tools.find(
            ({ name }) => name === 'current_time',
          )?.enabled,
      )
      .toBe(false);
    await page.getByRole('combobox', { name: 'When Calculate asks' }).click();
    await page.getByRole('option', { name: 'always ask', exact: true }).click();
    await expect
      .poll(
        async () =>
          (
            await call<{ tools: { name: string; setting: { approval: string } | null }[] }>('GET', '/tools')
          ).tools.find(({ name }) => name === 'calculator')?.setting?.approval,
      )
      .toBe('always');
    await call('PUT', '/tools/calculator', { approval: null });
    await call('PUT', '/tools/current_time', { enabled: true });
    await page.context().close();
  });

  test('a server that cannot be started says why, and goes when its name is typed', async () => {
    const { page } = await openPage(browser, `${server.url}/agents?tab=servers`);
    await page.getByRole('button', { name: 'Add a server' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('This is needed.').first().waitFor();
    await dialog.getByRole('textbox', { name: 'Name for people' }).fill('Team files');
    await dialog.getByRole('textbox', { name: 'Command' }).fill('/nonexistent/mcp');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('failed').waitFor();
    await page.getByText(/nonexistent\/mcp ENOENT/).waitFor();
    await page.getByRole('button', { name: 'Actions for “Team files”' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByRole('textbox').fill('Team files');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('No MCP servers').waitFor();
    await page.context().close();
  });
});

describe('the drawing on the home page', () => {
  test('lights the path of a run, and a lit box opens its step', async () => {
    const { page, faults } = await openPage(browser, server.url);
    await page.locator('[data-box]').nth(6).waitFor();
    await expectAccessible(page);
    await call<Run>('POST', '/agents/assistant/runs', { input: '#delay 60\n#words 120' });
    await page.locator('[data-box="agent"][data-lit]').waitFor();
    await page.locator('[data-box="models"][data-lit]').waitFor();
    await page.locator('[data-box="models"][data-lit]').click();
    await page.waitForURL(/\/monitor\/[0-9a-f]{32}\?span=[0-9a-f]{16}/);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('its boxes are doors, by keyboard too', async () => {
    const { page } = await openPage(browser, server.url, { viewport: { width: 390, height: 844 } });
    await page.getByRole('link', { name: /^Tools: \d+ of \d+ on/ }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/agents\?tab=tools/);
    await page.context().close();
  });
});

const pages = [
  '/',
  '/agents',
  '/agents?tab=approvals',
  '/agents?tab=runs',
  '/agents?tab=tools',
  '/agents?tab=servers',
  '/agents/assistant',
  '/agents/bookkeeper?view=settings',
  '/agents/bookkeeper?view=code',
];

describe.each([
  ['en', 1440, 'light'],
  ['en', 390, 'dark'],
  ['fr', 1440, 'dark'],
  ['fr', 390, 'light'],
] as const)('the pages of agents in %s at %d, %s', (language, width, colorScheme) => {
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

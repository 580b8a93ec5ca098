// Playground and prompts in a real browser, with scripted models and, where ATELIER_TEST_MODELS has it, the probabilities
// of SmolLM2: columns, tokens, the next token, sweeps, code that runs; prompts from the first version to a label and back.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Prompt } from '../../src/contracts/prompt.ts';
import type { Trace } from '../../src/contracts/span.ts';
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const models = process.env.ATELIER_TEST_MODELS;
const smol = models === undefined ? null : join(models, 'models', 'smollm2-135m-instruct.gguf');

let server: RunningServer;
let browser: Browser;

const call = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
};

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  await call('/atelier/v1/aliases/default', 'PUT', { model: 'scripted/script' });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).first().click();
}

const column = (page: Page, number: number) => page.getByRole('region', { name: `Column ${number}` });
const question = (page: Page) => page.getByRole('textbox', { name: /, User$/ });

describe('the playground', () => {
  test('answers in columns, shows what else a token might have been, and is there again after a reload', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/models`);
    await page.getByRole('link', { name: 'Playground' }).click();
    await page.getByRole('heading', { name: 'Playground', level: 1 }).waitFor();
    await question(page).fill('#text One two three');
    await page.getByRole('button', { name: 'Add a column' }).click();
    await choose(page, 'Model 2', /Scripted echo/);
    await question(page).press('Control+Enter');
    await column(page, 1).getByText('One two three').waitFor();
    await column(page, 2).getByText('#text One two three').waitFor();
    for (const number of [1, 2]) {
      await column(page, number).getByText('by itself').waitFor();
      await column(page, number).getByText('no charge').waitFor();
      await column(page, number).getByRole('link', { name: 'trace' }).waitFor();
    }
    const tokens = column(page, 1).getByRole('group', { name: /token by token/ });
    await tokens.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await column(page, 1).getByText('␣two had a probability of 90%.').waitFor();
    await expectAccessible(page);
    await page.reload();
    await expect.poll(() => question(page).inputValue()).toBe('#text One two three');
    await expect.poll(() => page.getByRole('combobox', { name: 'Model 2' }).textContent()).toContain('echo');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('Esc stops and keeps what was written; a refusal says why', async () => {
    const { page } = await openPage(browser, `${server.url}/playground`);
    await question(page).fill('#delay 40\n#words 400');
    await page.getByRole('button', { name: 'Run all' }).click();
    await expect.poll(async () => (await column(page, 1).textContent())?.length ?? 0).toBeGreaterThan(80);
    await page.keyboard.press('Escape');
    await column(page, 1).getByText('Stopped', { exact: true }).waitFor();
    await question(page).fill('#error 401 No such key');
    await page.getByRole('button', { name: 'Run all' }).click();
    await column(page, 1).getByRole('alert').waitFor();
    await page.context().close();
  });

  test('shows code that does the same', async () => {
    const { page } = await openPage(browser, `${server.url}/playground`);
    await question(page).fill("#text It's done");
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('textbox', { name: 'Longest answer' }).fill('1');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Show as code' }).click();
    const code = await page.getByRole('dialog').locator('pre').textContent();
    expect(code).toContain('"max_tokens": 1');
    const answer = JSON.parse(
      execFileSync('sh', ['-c', (code ?? '').replace('curl ', 'curl -s ')], { encoding: 'utf8' }),
    ) as { choices: { message: { content: string }; finish_reason: string; logprobs: unknown }[] };
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: "It's" } });
    expect(answer.choices[0]?.logprobs).not.toBeNull();
    await page.context().close();
  });

  test('draws the next token, and a click goes on from it', async () => {
    const { page } = await openPage(browser, `${server.url}/playground?view=next`);
    await question(page).fill('one two three');
    await choose(page, 'Model', /Scripted echo/);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: /^one 90.0% Add/ }).waitFor();
    await page.getByText('All others').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: /^one 90.0% Add/ }).click();
    await page.getByRole('button', { name: /^␣two 90.0% Add/ }).waitFor();
    expect(await page.getByRole('textbox', { name: 'The answer so far' }).inputValue()).toBe('one');
    // Top-p below the likeliest token's probability leaves nothing else.
    await page.getByRole('slider', { name: 'Top-p' }).focus();
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: /^␣two 100.0% Add/ }).waitFor();
    await page.getByText('1 token can be drawn.').waitFor();
    await page.context().close();
  });

  test('sweeps several settings over several inputs and gives a file', async () => {
    const { page } = await openPage(browser, `${server.url}/playground?view=sweep`);
    await page.getByRole('textbox', { name: 'Temperature' }).fill('0 3');
    await page.getByText('Numbers from 0 to 2, please.').waitFor();
    await page.getByRole('textbox', { name: 'Temperature' }).fill('0 0.5');
    await page.getByRole('textbox', { name: 'Inputs, one a line' }).fill('#text =first\n#text "second"');
    await page.getByText('4 answers').waitFor();
    await page.getByRole('button', { name: 'Run the sweep' }).click();
    const grid = page.getByRole('region', { name: 'Results of the sweep' });
    await expect.poll(() => grid.getByRole('link', { name: 'trace' }).count()).toBe(4);
    await expectAccessible(page);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const csv = readFileSync(await file.path(), 'utf8');
    expect(csv.split('\r\n')[0]).toMatch(/^\ufeffmodel,temperature/);
    expect(csv).toContain(`scripted/script,0.5,,1,128,#text =first,done,'=first,`);
    expect(csv).toContain(`"#text ""second""",done,"""second""",`);
    await page.context().close();
  });

  test('opens a recorded call', async () => {
    const answer = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'scripted/echo',
        temperature: 0.3,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hello there' },
        ],
      }),
    });
    const traceId = answer.headers.get('x-atelier-trace-id') ?? '';
    await answer.text();
    const { page, faults } = await openPage(browser, `${server.url}/monitor/${traceId}`);
    await page.getByRole('link', { name: 'Open in playground' }).click();
    await page.waitForURL(/\/playground$/);
    await expect.poll(() => question(page).inputValue()).toBe('Hello there');
    expect(await page.getByRole('textbox', { name: /, System$/ }).inputValue()).toBe('Be brief.');
    await expect.poll(() => page.getByRole('combobox', { name: 'Model 1' }).textContent()).toContain('echo');
    await page.getByRole('button', { name: 'Settings, 1 of them set' }).click();
    expect(await page.getByRole('textbox', { name: 'Temperature' }).inputValue()).toBe('0.3');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('speaks French on a phone, and nothing is wider than it', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/playground`, {
      locale: 'fr-FR',
      viewport: { width: 390, height: 844 },
    });
    await page.getByRole('heading', { name: 'Bac à sable', level: 1 }).waitFor();
    for (const view of ['Comparer', 'Jeton suivant', 'Balayage']) {
      await page.getByRole('tab', { name: view }).click();
      const over = await page.evaluate(() => {
        const content = document.querySelector('#content')!;
        return content.scrollWidth - content.clientWidth;
      });
      expect(over, view).toBeLessThanOrEqual(0);
      await expectAccessible(page);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('prompts', () => {
  test('from the first words over a label to a difference, tried, deleted and brought back', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/improve/prompts`);
    await page.getByText('No prompt yet').waitFor();
    await page.getByRole('button', { name: 'New prompt' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('A letter');
    await page.getByRole('textbox', { name: 'Prompt' }).fill('#text Dear {{name}}');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('it starts with a letter or digit').waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('letter');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'letter', level: 1 }).waitFor();

    await page.getByRole('textbox', { name: 'Message 1, User' }).fill('#text Hello {{name}}, {{wish}}');
    await page.getByRole('textbox', { name: 'wish' }).waitFor();
    await page.getByText('Unsaved changes').waitFor();
    await page.reload();
    await page.getByText('Unsaved changes').waitFor();
    await page.getByRole('button', { name: 'Save as version 2' }).click();
    await page.getByRole('textbox', { name: 'What changed' }).fill('warmer');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('tab', { name: '2 versions' }).click();
    await page.getByRole('button', { name: 'Put a label on version 1' }).click();
    await page.getByRole('button', { name: 'production', exact: true }).click();
    await page.getByText('production: version 1').waitFor();
    await page.getByRole('button', { name: 'Label production: move or remove' }).click();
    await page.getByRole('menuitem', { name: 'Move to version 2' }).click();
    await page.getByText('production: version 2').waitFor();
    await page.locator('ins', { hasText: 'wish' }).waitFor();
    await page.locator('del', { hasText: 'Dear' }).waitFor();
    await expectAccessible(page);

    await page.getByRole('tab', { name: 'Try' }).click();
    await page.getByText('Without a value: name, wish.').waitFor();
    await page.getByRole('textbox', { name: 'name' }).fill('Ada');
    await page.getByRole('textbox', { name: 'wish' }).fill('welcome');
    await page.keyboard.press('Control+Enter');
    await column(page, 1).getByText('Hello Ada, welcome').waitFor();
    const href = await column(page, 1).getByRole('link', { name: 'trace' }).getAttribute('href');
    await expect
      .poll(async () => {
        const trace = await call<Trace>(`/atelier/v1/traces/${href?.split('/').at(-1)}`);
        return trace.spans.find(({ parentId }) => parentId === null)?.attributes;
      })
      .toMatchObject({ 'atelier.prompt.name': 'letter', 'atelier.prompt.version': 2 });
    await expectAccessible(page);

    await page.getByRole('tab', { name: 'Use from code' }).click();
    await page.getByText('/atelier/v1/prompts/letter/run').waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.waitForURL(/\/improve\/prompts$/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: /letter/ }).waitFor();
    expect(await call<Prompt>('/atelier/v1/prompts/letter')).toMatchObject({ versions: 2 });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('are a / away in the composer', async () => {
    const { page } = await openPage(browser, `${server.url}/chat`);
    const composer = page.getByRole('textbox', { name: 'Message' });
    await composer.pressSequentially('/');
    await page.getByRole('button', { name: 'letter' }).click();
    await page.getByRole('textbox', { name: 'name' }).fill('Ada');
    await page.getByRole('textbox', { name: 'wish' }).fill('well');
    await page.getByRole('button', { name: 'Use it' }).click();
    await expect.poll(() => composer.inputValue()).toBe('#text Hello Ada, well');
    await page.context().close();
  });

  test('speak French on a phone', async () => {
    const { page, faults } = await openPage(browser, `${server.url}/improve/prompts/letter?view=versions`, {
      locale: 'fr-FR',
      viewport: { width: 390, height: 844 },
      colorScheme: 'dark',
    });
    await page.getByRole('tab', { name: '2 versions' }).waitFor();
    await page.getByText('Comparer').waitFor();
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

describe.skipIf(smol === null || !existsSync(smol))('with SmolLM2 (ATELIER_TEST_MODELS)', () => {
  test('the next token comes from the whole vocabulary, and the sliders reshape it', async () => {
    await call('/atelier/v1/models/pull', 'POST', { path: smol });
    const { page, faults } = await openPage(browser, `${server.url}/playground?view=next`);
    await question(page).fill('What is the capital of France?');
    await choose(page, 'Model', /smollm2/i);
    await page.keyboard.press('Control+Enter');
    await page.getByText('The whole vocabulary can be drawn.').waitFor({ timeout: 60_000 });
    const first = page.getByRole('button', { name: /Add it to the answer$/ }).first();
    const share = async () => Number(/([\d.]+)%/.exec((await first.textContent()) ?? '')?.[1]);
    const before = await share();
    expect(before).toBeGreaterThan(1);
    expect(before).toBeLessThan(100);
    await page.getByRole('slider', { name: 'Temperature' }).focus();
    await page.keyboard.press('End');
    await expect.poll(share).toBeLessThan(before);
    await page.keyboard.press('Home');
    await expect.poll(share).toBe(100);
    await first.click();
    await expect
      .poll(() => page.getByRole('textbox', { name: 'The answer so far' }).inputValue())
      .not.toBe('');
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

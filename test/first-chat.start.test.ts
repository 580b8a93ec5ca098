// The two commands in a fresh clone, on a machine that reaches package registries only: `npm start`, the page opens while
// the model is still on its way, and a real model answers in the browser in English and in French.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trace } from '../src/contracts/span.ts';
import { openBrowser, openPage } from './open-browser.ts';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'atelier-fresh-'));
const clone = join(folder, 'clone');
let browser: Browser;
const running: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  for (const stop of running) await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `npm start` with a home and an npm cache of its own, and resolves with the address it prints. */
async function npmStart(
  extra: string[] = [],
): Promise<{ url: string; output: () => string; exited: Promise<number | null> }> {
  mkdirSync(join(folder, 'home'), { recursive: true });
  // What the machine says about registries and certificates stays; what an earlier run could have left does not.
  const {
    XDG_DATA_HOME: _data,
    XDG_CACHE_HOME: _cache,
    HF_ENDPOINT: _hub,
    DATABASE_URL: _database,
    ATELIER_DATA: _dir,
    ...env
  } = process.env;
  const child = spawn(
    'npm',
    ['start', '--', '--no-open', '--port', '0', '--data', join(folder, 'data'), ...extra],
    {
      cwd: clone,
      env: {
        ...env,
        HOME: join(folder, 'home'),
        npm_config_cache: join(folder, 'npm-cache'),
        PATH: pathWithoutOurs(),
      },
      detached: true,
    },
  );
  let printed = '';
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  running.push(async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await exited;
  });
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  const url = await new Promise<string>((done, fail) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
      const found = /http:\/\/localhost:\d+/.exec(printed);
      if (found) done(found[0]);
    });
    void exited.then((code) => fail(new Error(`npm start ended with ${code}:\n${printed}`)));
  });
  return { url, output: () => printed, exited };
}

/** The machine's own Node, not the one of this checkout. */
function pathWithoutOurs(): string {
  return (process.env.PATH ?? '')
    .split(':')
    .filter((entry) => !entry.includes('node_modules'))
    .join(':');
}

test('a fresh clone answers in the browser', async () => {
  execFileSync('git', ['clone', '--quiet', root, clone]);
  const began = performance.now();
  const first = await npmStart();
  const listening = (performance.now() - began) / 1000;

  // The page is there while the model is still downloading, and a message can be sent at once.
  const { page, faults } = await openPage(browser, first.url);
  const composer = page.getByRole('textbox', { name: 'Message', exact: true });
  await composer.fill('What is the capital of France? Answer in one sentence.');
  await composer.press('Enter');
  await page.getByText('Paris', { exact: false }).last().waitFor({ timeout: 300_000 });
  const answered = (performance.now() - began) / 1000;
  await page.getByText('no charge').waitFor({ timeout: 60_000 });
  const traceLink = await page.getByRole('link', { name: /trace/i }).last().getAttribute('href');
  const trace = (await (
    await fetch(`${first.url}/atelier/v1/traces/${traceLink?.split('/').at(-1)}`)
  ).json()) as Trace;
  expect(trace.summary.model).toBe('local/qwen2.5-coder-1.5b-instruct');
  expect(trace.summary.cost).toEqual({ kind: 'none' });

  await composer.fill('Quelle est la capitale de la France ? Réponds en une phrase.');
  await composer.press('Enter');
  await page
    .getByText(/capitale de la France est Paris/)
    .last()
    .waitFor({ timeout: 120_000 });
  expect(faults).toEqual([]);

  const megabytes = Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0]);
  process.stdout.write(
    `fresh clone: listening after ${listening.toFixed(0)} s, first answer after ${answered.toFixed(0)} s, ${megabytes} MB on disk (npm cache, dependencies, build, model)\n`,
  );

  // A second start on the live folder prints the running address and ends with 0.
  const second = await npmStart();
  expect(second.url).toBe(first.url);
  expect(await second.exited).toBe(0);
});

// `atelier chat`: from an argument, from a pipe, at a terminal; its errors, its exit codes, and how it is stopped.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { Trace, TraceSummary } from '../../src/contracts/span.ts';
import { startServer } from '../start-server.ts';
import { hasTerminal, openTerminal, runCli, startCli } from './run-cli.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'atelier-chat-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const chat = (args: readonly string[], input?: string) =>
  runCli(['chat', '-m', 'scripted/script', ...args], { dataDir, ...(input === undefined ? {} : { input }) });
const newestTrace = async () =>
  (
    JSON.parse((await runCli(['traces', 'list', '--limit', '1', '--json'], { dataDir })).stdout) as {
      traces: TraceSummary[];
    }
  ).traces[0];

test('one answer, from words, from a pipe and from both', async () => {
  expect(await chat(['#text', 'Hello', 'there'])).toEqual({ code: 0, stdout: 'Hello there\n', stderr: '' });
  expect(await chat([], '#text From the pipe\n')).toMatchObject({ code: 0, stdout: 'From the pipe\n' });
  const both = await runCli(['chat', 'Summarise:', '-m', 'scripted/echo'], { dataDir, input: 'The notes.' });
  expect(both.stdout).toBe('Summarise:\n\nThe notes.\n');
});

test('--json is one object, whose trace can be looked up', async () => {
  const { code, stdout, stderr } = await chat(['--json', '--max-tokens', '3', '--seed', '7', '#words 50']);
  expect([code, stderr]).toEqual([0, '']);
  const answer = JSON.parse(stdout);
  expect(answer).toMatchObject({
    model: 'scripted/script',
    finishReason: 'length',
    usage: { completion_tokens: 3 },
  });
  const shown = await runCli(['traces', 'show', answer.traceId], { dataDir });
  expect(shown.stdout).toMatch(/^chat scripted\/script {2}\(ok, .*\n {2}attempt .* 3 tokens, no charge\)$/m);
  const { stdout: json } = await runCli(['traces', 'show', answer.traceId, '--json'], { dataDir });
  expect((JSON.parse(json) as Trace).summary).toMatchObject({ source: 'cli', usage: { output: 3 } });
});

test('an answer that was cut says so beside it', async () => {
  const { stdout, stderr } = await chat(['--max-tokens', '3', '#words 50']);
  expect(stdout.trim().split(' ')).toHaveLength(3);
  expect(stderr).toBe('The answer was cut: the limit of tokens is reached.\n');
});

test.each<[string, string[], string, string]>([
  ['an unknown model', ['-m', 'scripted/scrpt', 'Hi'], 'model_not_found', 'scripted/script'],
  ['no model at all', ['-m', 'default', 'Hi'], 'model_not_found', 'atelier models pull auto'],
  ['a temperature out of range', ['--temperature', '9', 'Hi'], 'invalid_request', 'temperature'],
  ['a limit of no tokens', ['--max-tokens', '0', 'Hi'], 'invalid_request', 'max_tokens'],
  ['a refusal', ['#error 429 Slow down'], 'rate_limited', 'Slow down'],
  [
    'a fault in the middle',
    ['#text begun\n#error-mid The wire was cut'],
    'provider_failed',
    'The wire was cut',
  ],
])('%s: one sentence and exit code 1', async (_, args, errorCode, words) => {
  const plain = await chat(args);
  expect(plain.code).toBe(1);
  expect(plain.stderr).toContain(words);
  expect(plain.stderr.trim().split('\n')).toHaveLength(1);
  expect(plain.stdout).toBe(args[0]?.startsWith('#text') ? 'begun\n' : '');
  const json = await chat([...args, '--json']);
  expect([json.code, json.stdout]).toEqual([1, '']);
  expect(JSON.parse(json.stderr).error).toMatchObject({
    code: errorCode,
    message: expect.stringContaining(words),
  });
});

test.each(['without', 'with'])('Ctrl+C stops the model %s a server', async (where) => {
  const server = where === 'with' ? await startServer({ dataDir }) : null;
  const running = startCli(['chat', '-m', 'scripted/script', '#delay 20\n#words 3000'], { dataDir });
  while (running.result.stdout.length < 20) await sleep(20);
  running.child.kill('SIGINT');
  // The terminal and the launcher both pass it on.
  await sleep(20);
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect([code, stderr]).toEqual([130, 'Stopped.\n']);
  await server?.stop({ keep: true });
  const trace = await newestTrace();
  expect(trace?.status).toBe('cancelled');
  expect(trace?.usage.output).toBeLessThan(1000);
});

test('a reader that leaves ends the answer quietly', async () => {
  const main = join(resolve(import.meta.dirname, '../..'), 'dist/interface/cli/main.js');
  for (const command of [
    `chat -m scripted/script '#delay 5
#words 3000'`,
    'models list --json',
  ]) {
    const shell = spawn(
      'bash',
      ['-c', `'${process.execPath}' '${main}' ${command} < /dev/null | head -c 5; exit \${PIPESTATUS[0]}`],
      {
        env: { ...process.env, ATELIER_DATA: dataDir, DATABASE_URL: '' },
      },
    );
    let errors = '';
    shell.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const code = await new Promise((done) => shell.once('close', done));
    expect([code, errors]).toEqual([0, '']);
  }
  const calls = JSON.parse((await runCli(['traces', 'list', '--json'], { dataDir })).stdout) as {
    traces: TraceSummary[];
  };
  expect(calls.traces[0]?.status).toBe('cancelled');
});

test.skipIf(process.platform !== 'linux')('an output that cannot be written is an error', async () => {
  const main = join(resolve(import.meta.dirname, '../..'), 'dist/interface/cli/main.js');
  const shell = spawn('bash', ['-c', `'${process.execPath}' '${main}' --version > /dev/full`]);
  let errors = '';
  shell.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  expect(await new Promise((done) => shell.once('close', done))).toBe(1);
  expect(errors).toContain('The output cannot be written');
});

test.skipIf(!hasTerminal)('what a model wrote cannot act on the terminal', async () => {
  // Read from the pipe, a real escape character reaches the echo model.
  const { stdout } = await runCli(['chat', '-m', 'scripted/echo'], { dataDir, input: 'a \x1b[31m b' });
  expect(stdout).toBe('a \x1b[31m b\n');
  const terminal = openTerminal(['chat', '-m', 'scripted/echo', 'a \x1b[31m \x9b2J b'], { dataDir });
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain('a \\x1b[31m \\x9b2J b');
  expect(terminal.screen()).not.toContain('\x1b[31m');
  // Nor can an error that quotes it, or the list of calls.
  const refused = await runCli(['chat', '-m', 'no/\x1b[31m', 'Hi'], { dataDir });
  expect(refused.stderr).toContain('no/\\x1b[31m');
  const listed = await runCli(['traces', 'list'], { dataDir });
  expect(listed.stdout).not.toContain('\x1b');
});

test.skipIf(!hasTerminal).each(['without', 'with'])(
  'a conversation at the keyboard %s a server',
  async (where) => {
    const server = where === 'with' ? await startServer({ dataDir }) : null;
    const terminal = openTerminal(['chat', '-m', 'scripted/script'], { dataDir });
    try {
      let at = await terminal.waitFor('> ');
      terminal.type('#text Good day\r');
      at = await terminal.waitFor(/\r\nGood day/, at);
      at = await terminal.waitFor(/tokens, .* no charge\)/, at);
      at = await terminal.waitFor('> ', at);

      terminal.type('#delay 20 \x15#delay 20\r');
      at = await terminal.waitFor(/\(scripted\/script, /, at);
      at = await terminal.waitFor('> ', at);
      terminal.type('#words 5000\r');
      at = await terminal.waitFor(/\r\n\w+ \w+ \w+/, at);
      at = await terminal.waitFor('> ', await terminal.waitFor('no charge)', at));
      terminal.type('#status\r');
      at = await terminal.waitFor(
        '(loading scripted/script)',
        await terminal.waitFor('(queued, place 2)', at),
      );
      terminal.type('\x03');
      at = await terminal.waitFor('(stopped, ', at);
      at = await terminal.waitFor('> ', at);

      terminal.type('half a line\x03');
      at = await terminal.waitFor('> ', await terminal.waitFor('half a line', at));
      terminal.type('#text Still here\r');
      at = await terminal.waitFor(/\r\nStill here/, at);
      at = await terminal.waitFor('> ', at);
      terminal.type('\x04');
      expect(await terminal.ended).toBe(0);
    } finally {
      terminal.close();
      await server?.stop({ keep: true });
    }
  },
);

// Help, usage and configuration: what the command line says before it does anything.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const { version } = JSON.parse(
  readFileSync(join(resolve(import.meta.dirname, '../..'), 'package.json'), 'utf8'),
) as { version: string };

test.each([
  [['--help']],
  [['help']],
  [['help', 'chat']],
  [[]],
  ...[
    'serve',
    'chat',
    'ask',
    'knowledge',
    'agents',
    'apps',
    'datasets',
    'train',
    'evaluate',
    'models',
    'traces',
    'users',
    'keys',
    'doctor',
  ].map((name) => [[name, '--help']]),
])('the help of %j fits a screen', async (args) => {
  const { code, stdout, stderr } = await runCli(args);
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.split('\n');
  expect(stdout).toContain('atelier');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});

test.each([['--version'], ['-v']])('%s', async (flag) => {
  expect(await runCli([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each<[string[], string]>([
  [
    ['frobnicate'],
    'There is no command "frobnicate". The commands are serve, chat, ask, knowledge, agents, apps, datasets, train, evaluate, models, traces, users, keys, doctor.',
  ],
  [['help', 'frobnicate'], 'There is no command "frobnicate".'],
  [['--frobnicate'], 'There is no command in "--frobnicate".'],
  [['toString'], 'There is no command "toString".'],
  [['serve', '--frobnicate'], 'atelier serve has no option --frobnicate. It has --port,'],
  [['serve', 'somewhere'], 'atelier serve does not take "somewhere".'],
  [['serve', '--port'], '--port takes a value.'],
  [['chat', '--json=yes', 'x'], '--json takes no value.'],
  [['chat', '--temperature', 'warm', 'x'], '--temperature takes a number, not "warm".'],
  [['chat'], 'There is nothing to answer'],
  [['ask', '-c', 'Papers'], 'atelier ask needs a question.'],
  [['ask', 'what?'], 'atelier ask needs a collection: -c NAME.'],
  [['knowledge'], 'atelier knowledge takes add, list, show, search, check or remove.'],
  [['knowledge', 'add'], 'atelier knowledge add needs a folder, a file or an address.'],
  [['knowledge', 'search', 'Papers'], 'atelier knowledge search needs a collection and a question.'],
  [['agents', 'run', 'assistant'], 'atelier agents run needs an agent and a task.'],
  [['agents', 'approve', 'app_1', 'maybe'], 'then yes or no.'],
  [['apps', 'sentiment', '--input', 'text'], '--input takes a JSON object.'],
  [['models'], 'atelier models takes list, add, pull, show or remove.'],
  [['models', 'eat', 'x'], 'atelier models takes list, add, pull, show or remove.'],
  [['models', 'pull'], 'atelier models pull needs a model'],
  [['models', 'add'], 'atelier models add needs the path of a file or folder'],
  [['models', 'pull', 'hf:nothing'], 'hf:OWNER/NAME/FILE'],
  [['models', 'list', 'all'], 'atelier models list does not take "all".'],
  [['users'], 'atelier users takes list, add, role, disable, enable, password, remove, off'],
  [['users', 'add'], 'atelier users add needs an email.'],
  [['keys', 'add'], 'atelier keys add needs a name.'],
  [['keys', 'add', 'ci', '--expires', 'soon'], '--expires takes days or hours'],
  [['traces', 'show'], 'atelier traces show needs the id of a trace.'],
  [['doctor', 'who'], 'atelier doctor does not take "who".'],
])('wrong words %j are named, with exit code 2', async (args, sentence) => {
  const { code, stdout, stderr } = await runCli(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(2);
});

test.each([
  ['--host', '0.0.0.0'],
  ['--public-url', 'https://atelier.example'],
])('%s %s is refused without accounts, with the reason and what to do', async (flag, value) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'atelier-words-'));
  const { code, stderr } = await runCli(
    ['serve', '--no-open', '--port', '0', '--model', 'none', flag, value],
    {
      dataDir,
    },
  );
  await rm(dataDir, { recursive: true, force: true });
  expect(code).toBe(1);
  expect(stderr).toContain(
    `${flag} ${value} is refused: without accounts only this machine may connect. Add a person first: atelier users add`,
  );
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('all faults of flags and environment come together', async () => {
  const { code, stderr } = await runCli(['serve', '--no-open', '--port', '99999'], {
    env: { ATELIER_SECRET: 'short', DATABASE_URL: 'mysql://host/db' },
  });
  expect(code).toBe(1);
  for (const name of ['--port', 'DATABASE_URL', 'ATELIER_SECRET']) expect(stderr).toContain(name);
  expect(stderr.trim().split('\n')).toHaveLength(3);
  const { stderr: json } = await runCli(['doctor', '--json', '--data', '']);
  expect(JSON.parse(json).error).toMatchObject({
    code: 'invalid_request',
    data: { faults: [expect.any(String)] },
  });
});

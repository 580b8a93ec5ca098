// Recipes at the command line: files become datasets, a classifier is trained and shown, a run goes on after Ctrl+C.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli, startCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'atelier-recipes-'));
const dataDir = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...args: string[]) => runCli(args, { dataDir });
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const talk = (name: string) => ({
  messages: [
    { role: 'user', content: `Who is ${name}?` },
    { role: 'assistant', content: `${name} is a blue cat.` },
  ],
});

test('a file with a wrong line is refused with its number, or taken without it; a version is frozen', async () => {
  const path = file('talks.jsonl', lines([talk('Tim'), { messages: [] }, talk('Ben')]));
  const refused = await cli('datasets', 'add', path);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('line 2:');
  expect((await cli('datasets', 'list')).stdout).toContain('There is no dataset yet.');
  const added = await cli('datasets', 'add', path, '--skip-faults');
  expect(added.stderr).toContain('left out: line 2');
  expect(added.stdout).toContain('talks: 2 examples added');
  expect((await cli('datasets', 'freeze', 'talks')).stdout).toMatch(/^talks, version 1: 2 examples \(/);
  const { datasets } = JSON.parse((await cli('datasets', 'list', '--json')).stdout);
  expect(datasets).toMatchObject([{ name: 'talks', kind: 'chat', versions: [{ version: 1 }] }]);
  expect((await cli('datasets', 'freeze', 'nothing')).stderr).toContain('There are: talks');
});

test('a recipe makes a classifier, which decides', async () => {
  const examples = Array.from({ length: 12 }, (_, index) => [
    { text: `invoice and refund ${index}`, label: 'billing' },
    { text: `parcel or box ${index}`, label: 'delivery' },
  ]).flat();
  file('tickets.jsonl', lines(examples));
  const recipe = file(
    'tickets.yaml',
    'method: classifier\nname: tickets\ndataset: tickets.jsonl # beside it\nfolds: 2\nembeddingModel: scripted/embed\n',
  );
  const made = await cli('train', recipe);
  expect([made.code, made.stderr]).toEqual([0, '']);
  expect(made.stdout).toMatch(/^model +classifiers\/tickets\nlabels +billing, delivery\n/);
  const again = await cli('train', recipe);
  expect([again.code, again.stderr]).toEqual([
    1,
    expect.stringContaining('There is a classifier tickets already'),
  ]);
});

test('Ctrl+C leaves a run going and says how to stop it', async () => {
  const model = join(import.meta.dirname, '../fixtures/stories260K/stories260K.f32.gguf');
  expect((await cli('models', 'pull', model)).code).toBe(0);
  const names = ['Tim', 'Lily', 'Ben', 'Mia', 'Max', 'Sue', 'Tom', 'Anna', 'Sam', 'Eva', 'Bob', 'Amy'];
  file('cats.jsonl', lines(names.map(talk)));
  const recipe = file(
    'cats.yaml',
    'name: cats\nbase: local/stories260k.f32\ndataset: cats.jsonl\nhyperparameters: { epochs: 900 }\n',
  );
  const estimate = await cli('train', recipe, '--estimate');
  expect(estimate.stdout).toMatch(/^steps +900$/m);
  const { child, result, ended } = startCli(['train', recipe, '--follow'], { dataDir });
  while (!result.stderr.includes('step 0: validation loss')) {
    if (child.exitCode !== null) throw new Error(result.stderr);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(stderr).toContain(
    'It goes on when `atelier serve` runs: atelier train show cats, or pause, or cancel.',
  );
  expect((await cli('train', 'list')).stdout).toMatch(/^cats +(queued|running) /m);
  expect((await cli('train', 'cancel', 'cats')).stdout).toMatch(/^state +cancelled$/m);
});

test.each<[string[], number, string]>([
  [['train'], 2, 'atelier train takes a recipe, or list, show, pause, resume or cancel.'],
  [['train', 'nothing.yaml'], 1, 'There is no recipe nothing.yaml'],
  [['datasets', 'add', 'x', '--kind', 'odd'], 2, '--kind takes chat, preference, labels, not "odd".'],
  [['evaluate', 'default'], 2, 'atelier evaluate needs a dataset: -d NAME.'],
])('%j is refused in words', async (args, code, words) => {
  const result = await cli(...args);
  expect([result.code, result.stderr.includes(words) || result.stderr]).toEqual([code, true]);
});

// `atelier models` and `atelier doctor` over a real file and a bare machine.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeTinyFolder } from '../hugging-face-folder.ts';
import { startServer } from '../start-server.ts';
import { runCli } from './run-cli.ts';

const fixture = join(resolve(import.meta.dirname, '..'), 'fixtures/stories260K/stories260K.f32.gguf');
const folder = mkdtempSync(join(tmpdir(), 'atelier-models-'));
const dataDir = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const models = (...args: string[]) => runCli(['models', ...args], { dataDir });

test('a file is pulled, listed, shown, answers, and is removed without being deleted', async () => {
  const file = join(folder, 'tiny.gguf');
  copyFileSync(fixture, file);
  expect(await models('pull', file)).toEqual({ code: 0, stdout: 'local/tiny is here.\n', stderr: '' });

  const list = await models('list');
  expect(list.stdout).toMatch(/^local\/tiny \* +ready +1\.2 MB +512 +local$/m);
  expect(list.stdout).toMatch(/^qwen2\.5-coder-1\.5b-instruct +1\.1 GB/m);
  const json = JSON.parse((await models('list', '--json')).stdout);
  expect(json).toMatchObject({ default: 'local/tiny', aliases: expect.any(Object) });
  expect(json.models[0].id).toBe('local/tiny');

  expect((await models('show', 'tiny')).stdout).toMatch(/^context +512 tokens$/m);
  expect(JSON.parse((await models('show', 'default', '--json')).stdout).id).toBe('local/tiny');
  const answer = await runCli(['chat', 'Once upon a time', '--max-tokens', '8', '--json'], { dataDir });
  expect(JSON.parse(answer.stdout)).toMatchObject({ model: 'local/tiny', usage: { completion_tokens: 8 } });

  expect(await models('remove', 'tiny')).toEqual({ code: 0, stdout: 'local/tiny is removed.\n', stderr: '' });
  expect(existsSync(file)).toBe(true);
  expect((await models('list')).stdout).not.toContain('local/tiny');
});

test('a running server is told the whole path', async () => {
  const server = await startServer({ dataDir });
  try {
    const relative = join('..', '..', '..', '..', '..', '..', '..', '..', fixture);
    expect((await models('pull', relative)).stdout).toMatch(/^local\/.* is here\.\n$/);
    const { models: here } = (await (await fetch(`${server.url}/atelier/v1/models`)).json()) as {
      models: { id: string }[];
    };
    expect(here.some(({ id }) => id.startsWith('local/stories260k'))).toBe(true);
  } finally {
    await server.stop({ keep: true });
  }
});

test('a folder of Hugging Face’s is converted and followed to its end', async () => {
  const tiny = join(folder, 'Tiny Qwen');
  await writeTinyFolder(tiny, 'qwen2');
  expect(await models('add', tiny)).toEqual({ code: 0, stdout: 'local/tiny-qwen is here.\n', stderr: '' });
});

test('the catalogue is shown too', async () => {
  expect((await models('show', 'smollm2-135m-instruct')).stdout).toContain(
    'not here; `atelier models pull smollm2-135m-instruct` fetches it',
  );
});

test.each<[string[], string]>([
  [['pull', 'smollm'], 'smollm2-135m-instruct'],
  [['pull', join(folder, 'absent.gguf')], 'There is nothing at'],
  [['pull', join(folder, 'broken.gguf')], 'broken.gguf'],
  [['show', 'nothing'], 'There is no model "nothing".'],
  [['remove', 'nothing'], 'There is no model local/nothing on this machine.'],
])('models %j fails with one sentence', async (args, words) => {
  writeFileSync(join(folder, 'broken.gguf'), 'no weights');
  const { code, stdout, stderr } = await models(...args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('doctor names what is there, with and without pip', async () => {
  const bare = join(folder, 'bin');
  mkdirSync(bare);
  const findings = async (env: Record<string, string>) => {
    const { code, stdout } = await runCli(['doctor', '--json'], { dataDir: join(folder, 'fresh'), env });
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { findings: { name: string; ok: boolean; detail: string }[] }).findings;
  };
  const without = await findings({ PATH: bare });
  expect(without.find(({ name }) => name === 'pip')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('models can still come from'),
  });
  expect(without.find(({ name }) => name === 'local engine')).toMatchObject({ ok: true });
  writeFileSync(join(bare, 'pip-program'), '#!/bin/sh\necho "pip 1.2.3 from /somewhere"\n', { mode: 0o755 });
  symlinkSync(join(bare, 'pip-program'), join(bare, 'pip'));
  expect((await findings({ PATH: bare })).find(({ name }) => name === 'pip')).toMatchObject({
    ok: true,
    detail: 'pip 1.2.3',
  });
  // It looks and leaves nothing behind.
  expect(existsSync(join(folder, 'fresh'))).toBe(false);
});

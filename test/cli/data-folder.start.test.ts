// One process a data folder, and every way in which a folder or a port cannot be had: one sentence, nothing left behind.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { acquireLock } from '../../src/store/lock.ts';
import { startServer } from '../start-server.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'atelier-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const serve = ['serve', '--no-open', '--model', 'none', '--port', '0'];
const oneSentence = (stderr: string) => {
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at /);
};

test('a taken port is refused, and the folder is free again', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const { port } = other.address() as { port: number };
  const dataDir = join(folder, 'port');
  const refused = await runCli([...serve, '--port', String(port)], { dataDir });
  other.close();
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toContain(
    `Port ${port} is taken by another program. Stop that program, or choose another`,
  );
  oneSentence(refused.stderr);
  const server = await startServer({ dataDir });
  expect(await server.stop()).toBe(0);
});

test('a file where the data folder should be', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const inTheWay = await runCli(serve, { dataDir: join(file, 'data') });
  expect(inTheWay.code).toBe(1);
  expect(inTheWay.stderr).toContain('a file stands in its way. Choose another folder with --data.');
  oneSentence(inTheWay.stderr);
  const doctor = await runCli(['doctor'], { dataDir: join(file, 'data') });
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toMatch(/MISSING data folder/);
});

test('a data folder that may not be written', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root may write everywhere');
  const readOnly = join(folder, 'read-only');
  mkdirSync(readOnly);
  chmodSync(readOnly, 0o555);
  const refused = await runCli(serve, { dataDir: readOnly });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('cannot be written');
  oneSentence(refused.stderr);
});

test('a full disk', async ({ skip }) => {
  const dataDir = join(folder, 'full');
  mkdirSync(dataDir);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'atelier-test', dataDir]).status !== 0)
    skip('this user may not mount a small file system');
  try {
    const refused = await runCli(serve, { dataDir });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/disk .*is full/i);
    oneSentence(refused.stderr);
  } finally {
    spawnSync('umount', [dataDir]);
  }
});

test('a second serve names the running address; every command talks to the server that runs', async () => {
  const server = await startServer();
  const { dataDir } = server;
  try {
    expect(await runCli(serve, { dataDir })).toEqual({
      code: 0,
      stdout: `Atelier is already running for this data folder: ${server.url}\n`,
      stderr: '',
    });
    const doctor = await runCli(['doctor'], { dataDir });
    expect(doctor.stdout).toContain(server.url);
    const answer = await runCli(['chat', '-m', 'scripted/script', '#text through the server'], { dataDir });
    expect(answer).toEqual({ code: 0, stdout: 'through the server\n', stderr: '' });
    const traces = await (await fetch(`${server.url}/atelier/v1/traces`)).json();
    expect(traces).toMatchObject({ traces: [{ source: 'cli' }] });
  } finally {
    expect(await server.stop()).toBe(0);
  }
});

test('a second writer is refused while another process has the folder and serves no address', async () => {
  const dataDir = join(folder, 'held');
  const lock = await acquireLock(dataDir);
  try {
    for (const args of [serve, ['models', 'pull', 'smollm2-135m-instruct'], ['traces', 'list']]) {
      const refused = await runCli(args, { dataDir });
      expect([refused.code, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toContain('Another Atelier holds the data folder');
      oneSentence(refused.stderr);
    }
  } finally {
    await lock.release();
  }
});

test('two commands on one folder wait for each other', async () => {
  const dataDir = join(folder, 'both');
  const both = await Promise.all([1, 2].map(() => runCli(['traces', 'list'], { dataDir })));
  expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
});

test('a server that went away without a word is not waited for', async () => {
  const server = await startServer();
  await server.kill();
  const { code, stdout } = await runCli(['chat', '-m', 'scripted/script', '#text alone'], {
    dataDir: server.dataDir,
  });
  expect([code, stdout]).toEqual([0, 'alone\n']);
  rmSync(server.dataDir, { recursive: true, force: true });
});

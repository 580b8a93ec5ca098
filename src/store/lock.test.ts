// One process a data folder, also across kill -9; and the address of the one that runs.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from '../../test/children/start-child.ts';
import { acquireLock, readAddress, readMachineToken } from './lock.ts';

const address = {
  pid: process.pid,
  port: 4321,
  url: 'http://localhost:4321',
  localUrl: 'http://localhost:4321',
  version: '0.0.1',
  startedAt: 5,
};
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'atelier-lock-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('the folder is held until it is released, and the address counts only meanwhile', async () => {
  expect(await readAddress(dataDir)).toBe(null);
  const lock = await acquireLock(dataDir);
  expect(await readAddress(dataDir), 'it does not listen yet').toBe(null);
  await lock.writeAddress(address, 'a token');
  expect(await readAddress(dataDir)).toEqual(address);
  expect(await readAddress(dataDir), 'asking does not free it').toEqual(address);
  await lock.release();
  await lock.release();
  expect(await readAddress(dataDir)).toBe(null);
  await (await acquireLock(dataDir)).release();
});

test('the token of this machine is for its owner alone, in no message, and goes with the server', async () => {
  const lock = await acquireLock(dataDir);
  expect(await readMachineToken(dataDir)).toBe(null);
  await lock.writeAddress(address, 'a-token-to-find');
  expect(await readMachineToken(dataDir)).toBe('a-token-to-find');
  if (process.platform !== 'win32')
    expect((await stat(join(dataDir, 'server.token'))).mode & 0o777).toBe(0o600);
  const refusal: unknown = await acquireLock(dataDir).catch((error: unknown) => error);
  expect(JSON.stringify(refusal)).toContain('store_locked');
  expect(JSON.stringify(refusal)).not.toContain('a-token-to-find');
  await lock.release();
  expect(await readMachineToken(dataDir)).toBe(null);
});

test('a second holder is refused, in this process and in another, and told where the first one is', async () => {
  const lock = await acquireLock(dataDir);
  await expect(acquireLock(dataDir)).rejects.toMatchObject({ code: 'store_locked', data: { address: null } });
  await lock.writeAddress(address, 'a token');
  await expect(acquireLock(dataDir)).rejects.toMatchObject({
    code: 'store_locked',
    message: expect.stringContaining(address.url),
    data: { address },
  });
  const other = startChild('hold-lock', [dataDir]);
  const [code, ...data] = (await other.nextLine()).split(' ');
  expect(code).toBe('store_locked');
  expect(JSON.parse(data.join(' '))).toEqual({ dataDir, address });
  await lock.release();
});

test('kill -9 frees the folder, and the address that was left behind is not believed', async () => {
  const other = startChild('hold-lock', [dataDir]);
  expect(await other.nextLine()).toBe('held');
  expect(await readAddress(dataDir)).toMatchObject({ url: 'http://localhost:4242', pid: other.process.pid });
  await expect(acquireLock(dataDir)).rejects.toMatchObject({ code: 'store_locked' });
  await other.kill();
  expect(await readFile(join(dataDir, 'server.json'), 'utf8')).toContain('4242');
  expect(await readAddress(dataDir)).toBe(null);
  const lock = await acquireLock(dataDir);
  expect(await readAddress(dataDir)).toBe(null);
  await lock.release();
});

test('a folder that was never used has no address and is not made by asking', async () => {
  expect(await readAddress(join(dataDir, 'none'))).toBe(null);
});

test('a folder that cannot be made is one sentence', async () => {
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  await expect(acquireLock(join(file, 'data'))).rejects.toMatchObject({
    code: 'storage_failed',
    message: expect.stringMatching(/^The data folder .* cannot be made: .* --data\.$/),
  });
});

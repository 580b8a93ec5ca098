// Members of a zip: stored and deflated, and every damage told.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeZip } from '../../test/make-wheel.ts';
import { listZip, readZipMember } from './zip.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-zip-'));
  path = join(folder, 'some.zip');
});
afterAll(() => rm(folder, { recursive: true }));

const data = Buffer.concat([randomBytes(300_000), Buffer.alloc(300_000, 65)]);
async function read(name: string): Promise<Buffer> {
  const member = (await listZip(path)).find((candidate) => candidate.name === name);
  const chunks: Buffer[] = [];
  for await (const chunk of readZipMember(path, member!)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test.each([{ store: true }, { store: false }])('members are read with %o', async (options) => {
  await writeFile(path, makeZip({ 'é/data.bin': data, empty: Buffer.alloc(0) }, options));
  expect((await read('é/data.bin')).equals(data)).toBe(true);
  expect((await read('empty')).length).toBe(0);
});

test.each([{ store: true }, { store: false }])('a flipped byte is noticed with %o', async (options) => {
  const zip = makeZip({ a: data }, options);
  zip.writeUInt8(zip.readUInt8(150_000) ^ 0xff, 150_000);
  await writeFile(path, zip);
  await expect(read('a')).rejects.toMatchObject({ name: 'ZipError', fault: 'broken' });
});

test('a cut file and text are no zip', async () => {
  await writeFile(path, makeZip({ a: data }).subarray(0, 100_000));
  await expect(listZip(path)).rejects.toMatchObject({ fault: 'broken' });
  await writeFile(path, 'no zip at all');
  await expect(listZip(path)).rejects.toMatchObject({ fault: 'broken' });
});

// What is sealed opens with the same key only, and never in part.
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../lib/log.ts';
import { createSealer } from './secrets.ts';

const secret = 'sk-very-secret-clé';
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'atelier-secrets-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('the key file is made once, for its owner alone, and opens what was sealed before a restart', async () => {
  const sealed = createSealer({ dataDir }).seal(secret);
  expect(sealed).not.toContain(secret);
  expect(createSealer({ dataDir }).seal(secret), 'each sealing differs').not.toBe(sealed);
  expect(createSealer({ dataDir }).open(sealed)).toBe(secret);
  if (process.platform !== 'win32')
    expect((await stat(join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600);
  expect(createSealer({ dataDir }).open(createSealer({ dataDir }).seal(''))).toBe('');
});

test('ATELIER_SECRET opens it in any folder, and leaves no key file', async () => {
  const sealed = createSealer({ dataDir, secret: 'sixteen letters at least' }).seal(secret);
  await expect(stat(join(dataDir, 'secret.key'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(createSealer({ dataDir: '/elsewhere', secret: 'sixteen letters at least' }).open(sealed)).toBe(
    secret,
  );
});

test('another key, a changed value and nonsense are refused with what to do', () => {
  const sealer = createSealer({ dataDir });
  const sealed = sealer.seal(secret);
  const other = createSealer({ dataDir, secret: 'another secret of mine' });
  const refused = (message: RegExp) =>
    expect.objectContaining({ code: 'storage_failed', message: expect.stringMatching(message) });
  expect(() => other.open(sealed)).toThrow(refused(/another secret than ATELIER_SECRET/));
  expect(() => sealer.open(other.seal(secret))).toThrow(refused(/secret\.key/));
  const last = sealed.at(-3) === 'A' ? 'B' : 'A';
  expect(() => sealer.open(`${sealed.slice(0, -3)}${last}${sealed.slice(-2)}`)).toThrow(
    refused(/was changed/),
  );
  expect(() => sealer.open('nonsense')).toThrow(refused(/damaged/));
});

test.runIf(process.platform !== 'win32')(
  'a key file that others may read is closed to them, and it is said',
  async () => {
    createSealer({ dataDir });
    const file = join(dataDir, 'secret.key');
    await chmod(file, 0o644);
    const lines: string[] = [];
    createSealer({ dataDir, log: createLog('warn', (line) => lines.push(line)) });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(lines.join()).toContain('could be read by other users');
    expect(lines.join()).not.toContain((await readFile(file, 'utf8')).trim());
  },
);

test('a damaged key file is said, not replaced', async () => {
  await writeFile(join(dataDir, 'secret.key'), 'short', { mode: 0o600 });
  expect(() => createSealer({ dataDir })).toThrow(/secret\.key is damaged/);
  expect(await readFile(join(dataDir, 'secret.key'), 'utf8')).toBe('short');
});

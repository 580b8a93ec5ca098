// Flags before environment before defaults, and every fault in one message that names its flag.
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { defaultDataDir, readConfig } from './config.ts';
import { isAtelierError } from './contracts/errors.ts';

test('no flags and no environment are enough', () => {
  const config = readConfig({}, {});
  expect(config).toMatchObject({ host: null, port: 4242, open: true, gpu: 'auto', model: 'auto' });
  expect(config.dataDir).toBe(defaultDataDir({}));
});

test('a flag wins over the environment, and an empty variable is none', () => {
  const env = { ATELIER_PORT: '5000', ATELIER_DATA: 'from-env', ATELIER_GPU: '', DATABASE_URL: '' };
  expect(readConfig({}, env)).toMatchObject({
    port: 5000,
    dataDir: resolve('from-env'),
    gpu: 'auto',
    databaseUrl: null,
  });
  expect(readConfig({ port: '0', data: 'from-flag' }, env)).toMatchObject({
    port: 0,
    dataDir: resolve('from-flag'),
  });
});

test('all faults stand in one message', () => {
  let thrown: unknown;
  try {
    readConfig(
      { host: '0.0.0.0', port: '99999', data: '', gpu: 'abacus', log: 'loud' },
      { DATABASE_URL: 'mysql://x', ATELIER_SECRET: 'short', HF_ENDPOINT: 'nowhere' },
    );
  } catch (error) {
    thrown = error;
  }
  if (!isAtelierError(thrown)) throw new Error('a fault was accepted');
  expect(thrown.code).toBe('invalid_request');
  expect(thrown.data.faults).toHaveLength(8);
  for (const name of [
    '--host 0.0.0.0',
    '--port',
    '--data',
    '--gpu',
    '--log',
    'DATABASE_URL',
    'ATELIER_SECRET',
    'HF_ENDPOINT',
  ])
    expect(thrown.message).toContain(name);
  expect(thrown.message).not.toContain('short');
});

test.each(['', ' ', '-1', '80.5', '0x50', 'http', '65536'])('%j is no port', (port) => {
  expect(() => readConfig({ port }, {})).toThrow('--port');
});

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
      { host: 'my house', port: '99999', data: '', gpu: 'abacus', log: 'loud' },
      { DATABASE_URL: 'mysql://x', ATELIER_SECRET: 'short', HF_ENDPOINT: 'nowhere' },
    );
  } catch (error) {
    thrown = error;
  }
  if (!isAtelierError(thrown)) throw new Error('a fault was accepted');
  expect(thrown.code).toBe('invalid_request');
  expect(thrown.data.faults).toHaveLength(8);
  for (const name of [
    '--host',
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

test('the addresses that others use are read as origins, and what is none is named', () => {
  const config = readConfig({ publicUrl: 'https://A.example, http://b.example:8080/' }, {});
  expect(config.publicUrls).toEqual(['https://a.example', 'http://b.example:8080']);
  for (const publicUrl of [
    'a.example',
    'https://a.example/path',
    'ftp://a.example',
    'https://me:pw@a.example',
  ])
    expect(() => readConfig({ publicUrl }, {}), publicUrl).toThrow('--public-url');
});

test.each(['10.0.0.5', '10.0.0.0/8,::1', 'fd00::/8'])('%s may be a proxy', (trustProxy) => {
  expect(readConfig({ trustProxy }, {}).trustProxy).toEqual(trustProxy.split(','));
});

test.each(['proxy', '10.0.0.0/33', '10.0.0.0/8/8', 'fd00::/129', '10.0.0.0/x'])(
  '%s is no address of a proxy',
  (trustProxy) => {
    expect(() => readConfig({ trustProxy }, {})).toThrow('--trust-proxy');
  },
);

test('a certificate comes with its key', () => {
  expect(readConfig({}, {}).tls).toBeNull();
  expect(() => readConfig({ tlsCert: 'cert.pem' }, {})).toThrow('--tls-key');
  expect(readConfig({ tlsCert: 'c.pem' }, { ATELIER_TLS_KEY: 'k.pem' }).tls).toEqual({
    cert: resolve('c.pem'),
    key: resolve('k.pem'),
  });
});

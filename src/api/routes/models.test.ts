// What can be had and how it gets here, over HTTP. (Models that answer, aliases and prices: server.test.ts.)
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import type { CatalogueListing } from '../../contracts/catalogue.ts';

let app: TestApp;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-models-'));
  app = await createTestApp();
  await app.jobs.start();
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

test('the catalogue says of each model whether this machine can run it', async () => {
  const { listings } = (await (await app.request('/atelier/v1/catalogue')).json()) as {
    listings: CatalogueListing[];
  };
  expect(listings.length).toBeGreaterThan(1);
  for (const { fit, installed } of listings) expect([typeof fit.fits, installed]).toEqual(['boolean', false]);
});

test.each<[string, string, string, object | null, number, string]>([
  ['a catalogue id that there is not', 'POST', '/models/pull', { id: 'no-such-model' }, 404, 'not_found'],
  ['a path that there is not', 'POST', '/models/pull', { path: '/no/such/file.gguf' }, 404, 'not_found'],
  ['neither id nor path', 'POST', '/models/pull', { name: 'x' }, 400, 'invalid_request'],
  ['removing what is not here', 'DELETE', '/models/local%2Fnothing', null, 404, 'not_found'],
  ['removing with a plain slash', 'DELETE', '/models/local/nothing', null, 404, 'not_found'],
  ['an alias with a slash', 'PUT', '/aliases/a%2Fb', { model: 'scripted/echo' }, 400, 'invalid_request'],
  ['an alias for nothing', 'PUT', '/aliases/fast', { model: 'nobody/nothing' }, 404, 'model_not_found'],
  [
    'a price below zero',
    'PUT',
    '/prices',
    { model: 'x', price: { kind: 'tokens', input: -1 } },
    400,
    'invalid_request',
  ],
])('refused: %s', async (_name, method, path, body, status, code) => {
  const address = `/atelier/v1${path}`;
  const response = await (body === null
    ? app.request(address, { method })
    : app.send(address, body, { method }));
  expect(await response.json()).toMatchObject({ error: { code } });
  expect(response.status).toBe(status);
});

test('a file that is no model says what is wrong with it, and nothing is kept', async () => {
  const path = join(folder, 'half.gguf');
  await writeFile(path, 'GGUF and then nothing');
  const response = await app.send('/atelier/v1/models/pull', { path });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'invalid_model_file' } });
  const { models } = (await (await app.request('/atelier/v1/models')).json()) as {
    models: { provider: string }[];
  };
  expect(models.every((model) => model.provider === 'scripted')).toBe(true);
});

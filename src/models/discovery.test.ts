// What other programs have on this machine, in folders laid out as theirs, and endpoints that answer or do not.
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { writeTinyGguf } from '../../test/tiny-gguf.ts';
import { createHttp } from '../lib/http.ts';
import { createDiscovery, type Probe } from './discovery.ts';

const http = createHttp({ env: { HTTP_PROXY: 'http://127.0.0.1:1' } });
afterAll(() => http.close());
let home: string;
const servers: ReturnType<typeof createServer>[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'atelier-home-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(home, { recursive: true });
});

async function gguf(path: string, architecture = 'llama'): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeTinyGguf(path, { architecture });
}
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
const discover = (probes: Probe[] = [], more: { env?: NodeJS.ProcessEnv; ownPorts?: () => number[] } = {}) =>
  createDiscovery({ http, env: {}, ownPorts: () => [], home, probes, ...more }).discover();

test('files of Ollama, LM Studio and the Hugging Face cache are found with their names', async () => {
  const digest = 'a'.repeat(64);
  const ollama = join(home, '.ollama', 'models');
  await gguf(join(ollama, 'blobs', `sha256-${digest}`), 'qwen2');
  const manifest = join(ollama, 'manifests', 'some.host', 'library', 'qwen', '1.5b');
  await mkdir(dirname(manifest), { recursive: true });
  const layers = [
    { mediaType: 'application/vnd.ollama.image.license', digest: `sha256:${'b'.repeat(64)}` },
    { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest}` },
  ];
  await writeFile(manifest, JSON.stringify({ layers }));
  await writeFile(join(dirname(manifest), 'broken'), '{');
  const escaping = [
    { mediaType: 'application/vnd.ollama.image.model', digest: 'sha256:../../../../etc/passwd' },
  ];
  await writeFile(join(dirname(manifest), 'escaping'), JSON.stringify({ layers: escaping }));

  await gguf(join(home, '.lmstudio', 'models', 'maker', 'repo', 'model-Q4.gguf'));
  await gguf(join(home, '.lmstudio', 'models', 'maker', 'repo', 'mmproj-model.gguf'), 'clip');
  await gguf(join(home, '.lmstudio', 'models', 'maker', 'repo', 'big-00001-of-00002.gguf'));
  await gguf(join(home, '.lmstudio', 'models', 'maker', 'repo', 'big-00002-of-00002.gguf'));

  const cache = join(home, '.cache', 'huggingface', 'hub', 'models--owner--name');
  await gguf(join(cache, 'blobs', 'ccc.gguf'));
  await rename(join(cache, 'blobs', 'ccc.gguf'), join(cache, 'blobs', 'ccc'));
  await mkdir(join(cache, 'snapshots', 'abc'), { recursive: true });
  await symlink('../../blobs/ccc', join(cache, 'snapshots', 'abc', 'linked.gguf'));
  await symlink('../../blobs/gone', join(cache, 'snapshots', 'abc', 'dangling.gguf'));

  const { files } = await discover();
  expect(files.map(({ origin, name, architecture }) => [origin, name, architecture]).sort()).toEqual([
    ['huggingface', 'linked.gguf', 'llama'],
    ['lmstudio', 'big-00001-of-00002.gguf', 'llama'],
    ['lmstudio', 'model-Q4.gguf', 'llama'],
    ['ollama', 'qwen:1.5b', 'qwen2'],
  ]);
  expect(files.every(({ sizeBytes }) => sizeBytes > 4096)).toBe(true);
});

test('folders that the environment names are looked into', async () => {
  await gguf(join(home, 'elsewhere', 'models--a--b', 'snapshots', 'c', 'x.gguf'));
  const { files } = await discover([], { env: { HF_HUB_CACHE: join(home, 'elsewhere') } });
  expect(files.map(({ name }) => name)).toEqual(['x.gguf']);
});

test('a folder of the cache is offered as a whole, if its decoder is known and it is complete', async () => {
  const cache = join(home, '.cache', 'huggingface', 'hub');
  const commit = 'c'.repeat(40);
  const add = async (repository: string, architecture: string, files: string[]) => {
    const folder = join(cache, repository);
    await mkdir(join(folder, 'snapshots', commit), { recursive: true });
    await mkdir(join(folder, 'refs'));
    await writeFile(join(folder, 'refs', 'main'), commit);
    const content = JSON.stringify({ architectures: [architecture] });
    for (const file of files) await writeFile(join(folder, 'snapshots', commit, file), content);
    return join(folder, 'snapshots', commit);
  };
  const whole = ['config.json', 'tokenizer.json', 'model.safetensors'];
  const path = await add('models--owner--Small-1B', 'Qwen2ForCausalLM', whole);
  await add('models--owner--Other', 'GPT2LMHeadModel', whole);
  await add('models--owner--Half', 'LlamaForCausalLM', whole.slice(0, 2));
  expect((await discover()).files).toEqual([
    { path, name: 'Small-1B', sizeBytes: 38, origin: 'huggingface', architecture: 'qwen2' },
  ]);
});

test('a bare machine has nothing, and that is no error', async () => {
  expect(await discover()).toEqual({ files: [], endpoints: [] });
});

test('endpoints that answer in time are offered with their models; ours is not', async () => {
  const json =
    (body: unknown): RequestListener =>
    (_request, response) =>
      void response.end(JSON.stringify(body));
  const ollama = await serve(json({ models: [{ name: 'qwen:1.5b' }] }));
  const studio = await serve(json({ data: [{ id: 'mistral' }] }));
  const silent = await serve(() => {});
  const page = await serve((_request, response) => void response.end('<html>'));
  const own = await serve(json({ data: [{ id: 'ours' }] }));
  const began = performance.now();
  const { endpoints } = await discover(
    [
      { port: ollama, kind: 'ollama', path: '/api/tags' },
      { port: studio, kind: 'lmstudio', path: '/v1/models' },
      { port: silent, kind: 'openai', path: '/v1/models' },
      { port: page, kind: 'openai', path: '/v1/models' },
      { port: 1, kind: 'openai', path: '/v1/models' },
      { port: own, kind: 'openai', path: '/v1/models' },
    ],
    { ownPorts: () => [own] },
  );
  expect(performance.now() - began).toBeLessThan(2000);
  expect(endpoints).toEqual([
    { baseUrl: `http://127.0.0.1:${ollama}/v1`, kind: 'ollama', models: ['qwen:1.5b'] },
    { baseUrl: `http://127.0.0.1:${studio}/v1`, kind: 'lmstudio', models: ['mistral'] },
  ]);
});

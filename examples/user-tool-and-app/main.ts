// A tool and two applications of a user's, in a running server: copied into its data folder, called, and taken away again.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const url = process.env.ATELIER_URL ?? 'http://localhost:4242';
const model = process.env.ATELIER_MODEL ?? 'default';
const dataDir = process.env.ATELIER_DATA;
if (dataDir === undefined) {
  console.error('Set ATELIER_DATA to the data folder of the running server; `atelier doctor` prints it.');
  process.exit(2);
}

async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come within 20 s`);
}

interface Gallery {
  apps: { name: string; title: { fr: string }; source: string }[];
  faults: { origin: string; error: { message: string } }[];
}
const app = (name: string) => async () =>
  (await send<Gallery>('GET', '/atelier/v1/apps')).apps.find((one) => one.name === name);
const invoke = <T>(name: string, input: unknown) =>
  send<{ output: T }>('POST', `/serve/apps/${name}/invoke`, { input, config: { configurable: { model } } });

const copies = ['tools/draw-lot.ts', 'apps/word-count.ts', 'apps/polite.ts'];
const broken = join(dataDir, 'apps', 'broken-example.ts');
try {
  for (const file of copies) {
    mkdirSync(join(dataDir, file, '..'), { recursive: true });
    copyFileSync(join(import.meta.dirname, file), join(dataDir, file));
  }

  const { title, source } = await until('the application', app('word-count'));
  assert.deepEqual([title.fr, source], ['Compter les mots', 'user']);
  const counted = await invoke<{ words: number; longest: string }>('word-count', {
    passage: 'Le chat dort profondément',
  });
  console.log('word-count:', counted.output);
  assert.deepEqual(counted.output, { words: 4, longest: 'profondément' });

  await until('the application on a model', app('polite'));
  const said = model.startsWith('scripted/') ? '#text Would you please close the door?' : 'Close the door.';
  const { output } = await invoke<string>('polite', { sentence: said });
  console.log('polite:', output);
  assert.ok(output.trim().length > 0);

  type Tools = { tools: { name: string; effect: string }[] };
  const tool = await until('the tool', async () =>
    (await send<Tools>('GET', '/atelier/v1/tools')).tools.find(({ name }) => name === 'draw_lot'),
  );
  console.log('tool:', tool.name, tool.effect);
  assert.equal(tool.effect, 'read');

  writeFileSync(broken, 'export default () => {\n');
  const fault = await until('the fault', async () =>
    (await send<Gallery>('GET', '/atelier/v1/apps')).faults.find(
      ({ origin }) => origin === 'broken-example.ts',
    ),
  );
  console.log('broken:', fault.error.message);
  assert.match(fault.error.message, /broken-example\.ts, line \d+: SyntaxError/);
  assert.equal((await invoke<{ words: number }>('word-count', { passage: 'encore là' })).output.words, 2);
} finally {
  for (const file of copies) rmSync(join(dataDir, file), { force: true });
  rmSync(broken, { force: true });
}

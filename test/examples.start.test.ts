// Every program in examples/ runs against the built program and is right, on the scripted model. The folder needs the
// embedding model: ATELIER_TEST_MODELS names the data folder that has it.
import { spawn } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from './start-server.ts';

const examples = resolve(import.meta.dirname, '../examples');
const models = process.env.ATELIER_TEST_MODELS;
let server: RunningServer;
let dataDir: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'atelier-examples-'));
  if (models !== undefined) {
    mkdirSync(join(dataDir, 'models'));
    for (const name of readdirSync(join(models, 'models')).filter((file) => file.endsWith('.gguf'))) {
      const [from, to] = [join(models, 'models', name), join(dataDir, 'models', name)];
      try {
        linkSync(from, to);
      } catch {
        cpSync(from, to);
      }
    }
  }
  server = await startServer({ dataDir });
  const response = await fetch(`${server.url}/atelier/v1/aliases/default`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'scripted/script' }),
  });
  expect(response.status).toBe(200);
});
afterAll(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function run(
  name: string,
  model = 'scripted/script',
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(examples, name, 'main.ts')], {
    env: { ...process.env, ATELIER_URL: server.url, ATELIER_DATA: dataDir, ATELIER_MODEL: model },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}

test('there are four, and each has its test here', () => {
  const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([
    'ask-a-folder',
    'langchain-agent',
    'openai-app',
    'user-tool-and-app',
  ]);
});

test.each([
  ['langchain-agent', 'steps: calculator gave "7006652"'],
  ['openai-app', 'The meeting is on Tuesday at ten.'],
  ['user-tool-and-app', 'broken: broken-example.ts, line'],
])('%s', async (name, said) => {
  const { code, output } = await run(name);
  expect(code, output).toBe(0);
  expect(output).toContain(said);
});

// The search is real; who writes is the scripted model, because the smallest real one rambles for minutes.
test.skipIf(models === undefined)('ask-a-folder (ATELIER_TEST_MODELS)', async () => {
  const { code, output } = await run('ask-a-folder');
  expect(code, output).toBe(0);
  expect(output).toContain('3 documents');
});

test.skipIf(models === undefined || process.env.ATELIER_LONG !== '1')(
  'the agent and the folder on a real model (ATELIER_TEST_MODELS, npm run verify)',
  async () => {
    for (const name of ['langchain-agent', 'ask-a-folder']) {
      const { code, output } = await run(name, 'local/qwen2.5-coder-1.5b-instruct');
      expect(code, output).toBe(0);
    }
  },
);

test('a wrong result is an exit code', async () => {
  const { code, output } = await run('langchain-agent', 'scripted/echo');
  expect(code, output).toBe(1);
});

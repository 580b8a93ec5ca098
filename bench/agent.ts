// Share of small tasks that the assistant completes, a model at hand at a time: search, calculate, write files, answer in
// the language of the question (bench/agent/tasks.ts). ATELIER_BENCH_MODELS names the data folder with the weights
// (default: what `npm test` fetched); ATELIER_BENCH_AGENT_MODELS and ATELIER_BENCH_TASKS choose some of them.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type App, createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { localIdentity as me } from '../src/contracts/identity.ts';
import { resultText } from '../src/tools/tool-result.ts';
import { type Outcome, type Task, tasks } from './agent/tasks.ts';

const folder = process.env.ATELIER_BENCH_MODELS ?? resolve(import.meta.dirname, '../.cache/models');
const documents = join(import.meta.dirname, 'agent/documents');
const list = (name: string): string[] | null => process.env[name]?.split(',').filter(Boolean) ?? null;
const GOAL = { model: 'qwen2.5-coder-1.5b-instruct', share: 0.8 };

/** A data folder of the bench's own that knows the weights of the other one, and leaves that one as it is. */
async function openWithModels(dataDir: string): Promise<App> {
  for (const file of ['atelier.db', 'secret.key']) {
    if (!existsSync(join(folder, file)))
      throw new Error(
        `${folder} is no data folder with models; run npm test once, or set ATELIER_BENCH_MODELS.`,
      );
    copyFileSync(join(folder, file), join(dataDir, file));
  }
  const flags = { data: dataDir, port: '0', open: false, model: 'none', log: 'error' };
  const app = await createApp(readConfig(flags, { ...process.env, DATABASE_URL: '' }), { version: 'bench' });
  await app.start();
  return app;
}

async function addDocuments(app: App): Promise<string> {
  const { id } = await app.knowledge.createCollection(me, {
    name: 'Atelier partagé',
    description: 'Rules, budget, machines and workshops of our shared workshop',
  });
  const files = readdirSync(documents).map((path) => ({ path, bytes: readFileSync(join(documents, path)) }));
  const { task } = await app.knowledge.add(me, id, files);
  if (task !== null) {
    const ended = await app.jobs.wait(task.id);
    if (ended.status !== 'complete') throw new Error(`the documents were not read: ${ended.error?.message}`);
  }
  return id;
}

async function perform(app: App, model: string, collection: string, task: Task) {
  const assistant = await app.agents.get(me, 'assistant');
  const approvals = Object.fromEntries(assistant.tools.map((name) => [name, 'never']));
  const planning = process.env.ATELIER_BENCH_PLAN !== '0';
  const started = performance.now();
  const run = await app.agents.start(me, {
    agent: { ...assistant, approvals, planning, parameters: { ...assistant.parameters, seed: 1 } },
    prompt: [{ role: 'user', content: [{ type: 'text', text: task.prompt }] }],
    model,
    knowledge: [collection],
    source: 'job',
  });
  const trail: string[] = [];
  const names = new Map<string, string>();
  const worked: string[] = [];
  let answer = '';
  let status = '';
  for await (const { event } of app.runs.watch(run.id, me.userId, 0)) {
    if (event.type === 'step-start') answer = '';
    else if (event.type === 'text-delta') answer += event.delta;
    else if (event.type === 'plan') trail.push(`plan: ${event.items.map(({ text }) => text).join(' | ')}`);
    else if (event.type === 'run-warning') trail.push(`! ${event.message}`);
    else if (event.type === 'tool-call') {
      names.set(event.toolCallId, event.toolName);
      trail.push(`${event.toolName} ${JSON.stringify(event.input)}`);
    } else if (event.type === 'tool-result') {
      if (!event.result.isError) worked.push(names.get(event.toolCallId) ?? '');
      trail.push(`-> ${resultText(event.result).slice(0, 200).replaceAll('\n', ' ')}`);
    } else if (event.type === 'run-finish') status = event.error?.message ?? event.status;
  }
  const workspace = await app.tools.workspaces.open(run.id);
  const files: Record<string, string> = {};
  for (const { path, kind } of await workspace.list())
    if (kind === 'file') files[path] = new TextDecoder().decode(await workspace.read(path));
  const outcome: Outcome = { answer, tools: worked, files };
  return { outcome, trail, status, seconds: (performance.now() - started) / 1000 };
}

async function measure(app: App, model: string, collection: string): Promise<void> {
  const chosen = list('ATELIER_BENCH_TASKS');
  const due = tasks.filter(({ id }) => chosen === null || chosen.includes(id));
  let completed = 0;
  for (const task of due) {
    const { outcome, trail, status, seconds } = await perform(app, model, collection, task);
    const passed = task.check(outcome);
    if (passed) completed += 1;
    process.stdout.write(`${passed ? 'ok  ' : 'FAIL'} ${task.id} (${seconds.toFixed(0)} s)\n`);
    if (!passed || process.env.ATELIER_BENCH_TRAIL)
      process.stdout.write(
        `${[...trail, `answer: ${outcome.answer}`, `files: ${JSON.stringify(outcome.files)}`, status].map((line) => `     ${line}`).join('\n')}\n`,
      );
  }
  const goal = model.endsWith(GOAL.model) ? ` (goal ${GOAL.share})` : '';
  process.stdout.write(
    `${model}: ${completed} of ${due.length} tasks, ${(completed / due.length).toFixed(2)}${goal}\n\n`,
  );
}

export async function bench(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-bench-agent-'));
  const app = await openWithModels(dataDir);
  try {
    const chosen = list('ATELIER_BENCH_AGENT_MODELS');
    const models = (await app.registry.list()).filter(
      ({ kind, provider, name }) =>
        kind === 'chat' && provider === 'local' && (chosen?.includes(name) ?? true),
    );
    if (models.length === 0)
      throw new Error(
        `No chat model lies in ${join(folder, 'models')}; run npm test once, or set ATELIER_BENCH_MODELS.`,
      );
    const collection = await addDocuments(app);
    for (const model of models) await measure(app, model.id, collection);
  } finally {
    await app.drain(5000);
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

// The apps on public test sets, per model at hand: at most 100 rows a set, first by the hash of their id, each set within
// its share of an hour. Weak figures of small models are told as they are.
// ATELIER_BENCH_DATA names the folder with apps/, ATELIER_BENCH_MODELS the one with models/ (default: what `npm test`
// fetched), ATELIER_BENCH_ROWS fewer rows, ATELIER_BENCH_MINUTES another time a model, ATELIER_BENCH_SETS and
// ATELIER_BENCH_ONLY (a model) a choice, ATELIER_BENCH_SAVE a data folder in which the figures are to be kept, and
// ATELIER_BENCH_SHIP=yes writes them among those that come with the program (src/apps/shipped-figures.json).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { putFigures } from '../src/apps/app-figures.ts';
import { createApps } from '../src/apps/create-apps.ts';
import type { OwnFigure } from '../src/contracts/app.ts';
import { toAtelierError } from '../src/contracts/errors.ts';
import { localIdentity } from '../src/contracts/identity.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import { silentLog } from '../src/lib/log.ts';
import { bootstrap } from '../src/lib/statistics.ts';
import { createDecider } from '../src/models/decide/create-decider.ts';
import { createBlobKeeper } from '../src/store/blob-keeper.ts';
import { acquireLock } from '../src/store/lock.ts';
import { openStore } from '../src/store/open-store.ts';
import { createSandbox } from '../src/tools/sandbox/create-sandbox.ts';
import { openLocalModels } from '../test/open-local-models.ts';
import type { Scored } from './apps/metrics.ts';
import { type BenchSet, benchSets } from './apps/sets.ts';

const root = resolve(import.meta.dirname, '..');
const models = ['smollm2-135m-instruct', 'qwen2.5-coder-1.5b-instruct'];
const MOST_ROWS = 100;

function read(): { data: string; models: string; rows: number; minutes: number } {
  const data = process.env.ATELIER_BENCH_DATA;
  const folder = data === undefined ? undefined : join(data, 'apps');
  if (folder === undefined || !existsSync(folder))
    throw new Error('Set ATELIER_BENCH_DATA to the folder that holds apps/ with the test sets.');
  return {
    data: folder,
    models: process.env.ATELIER_BENCH_MODELS ?? join(root, '.cache/models'),
    rows: Math.min(MOST_ROWS, Number(process.env.ATELIER_BENCH_ROWS ?? MOST_ROWS)),
    minutes: Number(process.env.ATELIER_BENCH_MINUTES ?? 58),
  };
}

interface Result {
  figure: OwnFigure;
  failed: number;
  seconds: number;
}

export async function bench(): Promise<void> {
  const { data, models: folder, rows, minutes } = read();
  const wanted = process.env.ATELIER_BENCH_SETS?.split(',');
  const sets = benchSets(data).filter(({ name }) => wanted === undefined || wanted.includes(name));
  const only = process.env.ATELIER_BENCH_ONLY;
  const present = models
    .filter((id) => only === undefined || id === only)
    .map((id) => ({ id, path: join(folder, 'models', `${id}.gguf`), kind: 'chat' as const }))
    .filter(({ path }) => existsSync(path));
  if (present.length === 0)
    throw new Error(
      `No model of the bench lies in ${join(folder, 'models')}; run npm test once, or set ATELIER_BENCH_MODELS.`,
    );
  const figures: OwnFigure[] = [];
  for (const model of present) {
    const local = await openLocalModels([model]);
    const { gateway, registry, ledger, store } = local;
    const apps = createApps({
      store,
      blobs: createBlobKeeper({ store, log: silentLog }),
      jobs: createJobs({ store, log: silentLog }),
      gateway,
      registry,
      ledger,
      decider: createDecider({ gateway, registry, ledger, codes: 'labels' }),
      sandbox: createSandbox(),
      log: silentLog,
    });
    const total = sets.reduce((sum, set) => sum + set.minutes, 0);
    process.stdout.write(`${model.id}\n`);
    try {
      for (const set of sets) {
        const { figure, failed, seconds } = await measure(
          set,
          apps,
          `local/${model.id}`,
          rows,
          (minutes * 60 * set.minutes) / total,
        );
        figures.push(figure);
        const { value, low, high } = figure;
        process.stdout.write(
          `  ${set.name.padEnd(16)} ${set.metric.padEnd(9)} ${value.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}]  ${String(figure.rows).padStart(3)} rows, ${seconds.toFixed(0)} s${failed > 0 ? `, ${failed} failed and count as wrong` : ''}\n`,
        );
      }
    } finally {
      await apps.close();
      await local.close();
    }
  }
  await save(figures);
  if (process.env.ATELIER_BENCH_SHIP === 'yes') ship(figures);
}

async function measure(
  set: BenchSet,
  apps: ReturnType<typeof createApps>,
  model: string,
  most: number,
  secondsAllowed: number,
): Promise<Result> {
  const sandbox = createSandbox();
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const scored: Scored[] = [];
  let failed = 0;
  for (const row of set.rows.slice(0, most)) {
    if (scored.length > 0 && seconds() > secondsAllowed) break;
    const output = await apps
      .invoke(localIdentity, set.app, set.input(row), { model, source: 'job' })
      .then(({ output: given }) => given)
      .catch((thrown: unknown) => {
        failed++;
        const { code, message } = toAtelierError(thrown);
        if (failed <= 3) process.stderr.write(`  ${set.name} ${row.id}: ${code} ${message}\n`);
        return null;
      });
    const score = await set.score(row, output, sandbox);
    if (process.env.ATELIER_BENCH_SHOW)
      process.stderr.write(`${JSON.stringify({ id: row.id, score, output })}\n`);
    scored.push(score);
  }
  const { low, high } = bootstrap(scored, set.measure);
  const figure: OwnFigure = {
    app: set.app,
    set: set.name,
    metric: set.metric,
    model,
    value: set.measure(scored),
    low,
    high,
    rows: scored.length,
    measuredAt: Date.now(),
  };
  return { figure, failed, seconds: seconds() };
}

async function save(figures: readonly OwnFigure[]): Promise<void> {
  const dataDir = process.env.ATELIER_BENCH_SAVE;
  if (!dataDir) return;
  const lock = await acquireLock(dataDir);
  try {
    const store = await openStore({ dataDir, log: silentLog });
    await putFigures(store, figures);
    await store.close();
    process.stdout.write(`${figures.length} figures were saved.\n`);
  } finally {
    await lock.release();
  }
}

function ship(figures: readonly OwnFigure[]): void {
  const file = join(root, 'src/apps/shipped-figures.json');
  const keyOf = ({ app, set, metric, model }: OwnFigure) => `${model} ${app} ${set} ${metric}`;
  const rounded = figures.map((figure) => ({
    ...figure,
    value: round(figure.value),
    low: figure.low === null ? null : round(figure.low),
    high: figure.high === null ? null : round(figure.high),
  }));
  const all = new Map(
    [...(JSON.parse(readFileSync(file, 'utf8')) as OwnFigure[]), ...rounded].map((figure) => [
      keyOf(figure),
      figure,
    ]),
  );
  writeFileSync(
    file,
    `${JSON.stringify(
      [...all.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
      null,
      2,
    )}\n`,
  );
}

const round = (value: number) => Math.round(value * 1e4) / 1e4;

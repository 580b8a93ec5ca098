// `npm test`: installs what it needs, then runs every part and ends with the real counts. A part that this machine cannot
// run is skipped and said; under CI=true a skipped part fails. `npm run verify` (--long) runs the long counts.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { runChecks } from './check.mjs';
import { ensureInstalled } from './install.mjs';
import { cache, node24, tools } from './paths.mjs';
import { startPostgres } from './postgres.mjs';
import { run } from './run.mjs';
import { ensureTestModels } from './test-models.mjs';

const long = process.argv.includes('--long');
const ci = process.env.CI === 'true';
const started = Date.now();
const count = { passed: 0, failed: 0, skipped: 0 };
const skippedParts = [];

await ensureInstalled();
await ensureBuilt();

const checks = await runChecks();
count.passed += checks.passed;
count.failed += checks.failed.length;

/**
 * Runs one Vitest project and adds its counts; a runner that dies without a report is a failure. Beside another one its
 * output is held back until it has ended.
 */
async function project(name, env = {}, { beside = false } = {}) {
  const report = join(cache, 'reports', `${name}.json`);
  mkdirSync(join(cache, 'reports'), { recursive: true });
  rmSync(report, { force: true });
  if (!beside) process.stdout.write(`\n--- ${name}\n`);
  const { code, output } = await run(
    node24,
    [
      tools.vitest,
      'run',
      '--project',
      name,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    {
      env: { ...env, ...(long ? { ATELIER_LONG: '1' } : {}) },
      capture: beside,
    },
  );
  if (beside) process.stdout.write(`\n--- ${name}\n${output}`);
  if (!existsSync(report)) {
    count.failed++;
    return;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  count.passed += result.numPassedTests;
  count.failed += result.numFailedTests;
  count.skipped += result.numPendingTests + (result.numTodoTests ?? 0);
  // A file that fails before its first test has no failed test to count.
  if (code !== 0 && result.numFailedTests === 0) count.failed++;
}

/** Prepares what a part needs and runs it, or says why it cannot. */
async function part(name, prepare, options) {
  let env;
  try {
    env = await prepare();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stdout.write(`\n--- ${name}: skipped, ${reason}\n`);
    skippedParts.push(`${name}: ${reason}`);
    if (ci) count.failed++;
    else count.skipped++;
    return;
  }
  const { stop, ...variables } = env;
  try {
    await project(name, variables, options);
  } finally {
    await stop?.();
  }
}

const models = () => ensureTestModels().then((folder) => ({ ATELIER_TEST_MODELS: folder }));
const withBrowser = async () => ({ ...(await models()), ATELIER_BROWSER: await findBrowser() });

await project('unit');
await part('model', models);
// Pages wait more than they reckon: what needs one core runs beside them.
await Promise.all([
  part('browser', withBrowser),
  (async () => {
    const beside = { beside: true };
    await part(
      'postgres',
      async () => {
        if (process.env.DATABASE_URL) return { DATABASE_URL: process.env.DATABASE_URL };
        const { url, stop } = await startPostgres();
        return { DATABASE_URL: url, stop };
      },
      beside,
    );
    await part('client', models, beside);
    await part('start', withBrowser, beside);
  })(),
]);

process.stdout.write(`\n${((Date.now() - started) / 60_000).toFixed(1)} minutes\n`);
for (const reason of skippedParts) process.stdout.write(`skipped part: ${reason}\n`);
process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
process.exitCode = count.failed === 0 ? 0 : 1;

// `npm run check`: format and lint, types, dead exports, unit tests (architecture among them). Under a minute.
import { pathToFileURL } from 'node:url';
import { node24, tools } from './paths.mjs';
import { run, stopWhenInterrupted } from './run.mjs';

/** The static checks: each is one line of the count. */
export const checks = [
  ['format and lint', [tools.biome, 'check', '--error-on-warnings', '.']],
  ['types of the program', [tools.tsc, '--noEmit', '-p', 'tsconfig.json']],
  ['types of the page', [tools.tsc, '--noEmit', '-p', 'src/interface/web/tsconfig.json']],
  ['dead exports', [tools.knip, '--no-progress']],
];

/** Runs the static checks one after the other. */
export async function runChecks() {
  let passed = 0;
  const failed = [];
  for (const [title, args] of checks) {
    const started = Date.now();
    const { code, output, interrupted } = await run(node24, args, { capture: true });
    stopWhenInterrupted({ interrupted });
    process.stdout.write(
      `${code === 0 ? 'ok  ' : 'FAIL'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
    );
    if (code === 0) passed++;
    else {
      failed.push(title);
      process.stdout.write(`${output}\n`);
    }
  }
  return { passed, failed };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { failed } = await runChecks();
  const { code } = await run(node24, [tools.vitest, 'run', '--project', 'unit']);
  process.exitCode = failed.length === 0 ? code : 1;
}

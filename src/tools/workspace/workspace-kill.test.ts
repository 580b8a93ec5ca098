// kill -9 while lines are appended, again and again: in the end every line is there once, whole and in order.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const KILLS = 4;
const LINES = 300;

test(`${LINES} appends survive ${KILLS} kills`, async () => {
  const root = await mkdtemp(join(tmpdir(), 'atelier-kill-'));
  const child = join(import.meta.dirname, '../../../test/children/append-lines.ts');
  const file = join(root, 'run_1', 'files', 'log');
  const size = () =>
    readFile(file).then(
      ({ length }) => length,
      () => 0,
    );
  const run = async (killAtSize: number | null) => {
    const process_ = spawn(process.execPath, [child, root, String(LINES)], { stdio: 'ignore' });
    let ended = false;
    const exit = new Promise<number | null>((resolve) =>
      process_.once('exit', (code) => {
        ended = true;
        resolve(code);
      }),
    );
    while (killAtSize !== null && !ended && (await size()) < killAtSize)
      await new Promise((resolve) => setTimeout(resolve, 1));
    if (killAtSize !== null) process_.kill('SIGKILL');
    return exit;
  };
  let killed = 0;
  for (let kill = 1; kill <= KILLS; kill++)
    if ((await run(kill * 120_000 + Math.random() * 2000)) === null) killed++;
  expect(killed).toBe(KILLS);
  expect(await run(null)).toBe(0);
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  expect(lines).toEqual(Array.from({ length: LINES }, (_, line) => `line ${line} ${'x'.repeat(2000)}`));
  await rm(root, { recursive: true, force: true });
});

// Work on the checkout that must not run twice at once, and must not be taken for finished when it was cut.
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './paths.mjs';

const BEAT_MS = 1000;
const STALE_MS = 5000;

/**
 * @param {string} name a verb: install, build
 * @param {(cut: boolean) => Promise<void>} work is told whether an earlier one was cut in the middle
 */
export async function exclusively(name, work) {
  const mark = join(cache, `${name}.busy`);
  mkdirSync(cache, { recursive: true });
  const cut = await take(mark, name);
  const beat = setInterval(() => utimesSync(mark, new Date(), new Date()), BEAT_MS);
  try {
    await work(cut);
    rmSync(mark, { force: true });
  } finally {
    clearInterval(beat);
  }
}

/** Waits for another process that does the same; true when the last one did not come to its end. */
async function take(mark, name) {
  for (let told = false; ; told = true) {
    try {
      writeFileSync(mark, String(process.pid), { flag: 'wx' });
      return false;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isBusy(mark)) {
      writeFileSync(mark, String(process.pid));
      return true;
    }
    if (!told) process.stdout.write(`Another ${name} is under way in this folder; waiting for it ...\n`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function isBusy(mark) {
  try {
    if (Date.now() - statSync(mark).mtimeMs > STALE_MS) return false;
    process.kill(Number(readFileSync(mark, 'utf8')), 0);
    return true;
  } catch (error) {
    // EPERM: a process of another user is there. Else the mark or its process has gone.
    return error.code === 'EPERM';
  }
}

// Tells in the terminal how the first model comes to be: a line when it is chosen, a bar while it is fetched, a line at
// the end.
import type { TaskProgress } from '../../contracts/task.ts';
import type { Jobs } from '../../jobs/queue.ts';
import type { ModelLibrary } from '../../models/library.ts';
import { bytes, printable } from './output.ts';

/** Between two pictures of the bar: on a terminal it is drawn over, in a log each is a line. */
const BAR_MS = 250;
const LOG_MS = 5000;
const BAR_WIDTH = 24;

/** Returns how to stop. */
export function reportFirstRun(app: { library: ModelLibrary; jobs: Jobs }): () => void {
  const { isTTY, columns } = process.stdout;
  let bar = false;
  const say = (line: string) => {
    process.stdout.write(`${bar ? '\r\x1b[K' : ''}${printable(line)}\n`);
    bar = false;
  };
  const draw = (line: string) => {
    if (!isTTY) return say(line);
    process.stdout.write(`\r\x1b[K${printable(line).slice(0, columns - 1)}`);
    bar = true;
  };

  let chosen: string | null = null;
  let state = '';
  let told = 0;
  const offLibrary = app.library.onChange(() => {
    const run = app.library.firstRun();
    if (run.chosen !== null && run.chosen !== chosen) {
      chosen = run.chosen;
      say(`Model: ${run.chosen}${run.reason === null ? '' : ` (${run.reason})`}`);
    }
    for (const attempt of run.attempts.slice(told))
      if (attempt.outcome === 'failed')
        say(`  ${attempt.source} failed: ${attempt.error?.message ?? 'no reason given'}`);
    told = run.attempts.filter((attempt) => attempt.outcome !== 'working').length;
    if (run.state !== state) {
      state = run.state;
      if (state === 'ready' && chosen !== null) say(`Model ready: ${chosen}`);
      if (state === 'failed')
        say(
          'No model could be fetched. The page offers the other ways: a file, an address and a key, or a download by hand.',
        );
    }
  });

  let last = Number.NEGATIVE_INFINITY;
  const offJobs = app.jobs.onChange(({ kind, status, progress }) => {
    if (kind !== 'models.download' || status !== 'running' || progress === null) return;
    const now = performance.now();
    if (now - last < (isTTY ? BAR_MS : LOG_MS)) return;
    last = now;
    draw(progressLine(progress));
  });
  return () => {
    offLibrary();
    offJobs();
    if (bar) process.stdout.write('\n');
  };
}

function progressLine({ done, total, perSecond, note }: TaskProgress): string {
  const what = note ?? '';
  if (total === null || total <= 0) return `  ${what} ${bytes(done)}`;
  const bar = '#'.repeat(Math.round(Math.min(1, done / total) * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
  const left = perSecond && done < total ? `, about ${Math.ceil((total - done) / perSecond)} s left` : '';
  return `  [${bar}] ${what} ${bytes(done)} of ${bytes(total)}${left}`;
}

// Follows an evaluation to its end, and prints models side by side.
import { setTimeout as sleep } from 'node:timers/promises';
import { AtelierError, errorFromBody } from '../../contracts/errors.ts';
import type { Evaluation, Interval } from '../../contracts/evaluation.ts';
import type { ApiClient } from './api-client.ts';
import { money, printable, printTable } from './output.ts';
import { onStopSignal } from './signals.ts';

const path = '/atelier/v1/evaluations';
const LOOK_MS = 500;

const three = ({ value, low, high }: Interval) =>
  `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

/** Ctrl+C leaves it going. @throws AtelierError what it failed with, cancelled */
export async function followEvaluation(client: ApiClient, started: Evaluation): Promise<Evaluation | null> {
  let current = started;
  let left = false;
  onStopSignal(() => {
    left = true;
  });
  const live = process.stderr.isTTY;
  while (['queued', 'running', 'paused'].includes(current.status) && !left) {
    await sleep(LOOK_MS);
    current = await client.json<Evaluation>('GET', `${path}/${started.id}`);
    if (live) process.stderr.write(`\r\x1b[K${current.done} of ${current.total} answers`);
  }
  if (live) process.stderr.write('\r\x1b[K');
  if (current.status === 'complete') return current;
  if (left) return null;
  if (current.status === 'cancelled') throw new AtelierError('cancelled', 'The evaluation was cancelled.');
  throw current.error
    ? errorFromBody(current.error)
    : new AtelierError('internal', 'The evaluation failed without a reason.');
}

/** A model of this machine charges nothing, which is said and not written as a price. */
const priceOf = (costNano: number | null) => {
  if (costNano === null) return money({ kind: 'unknown' });
  return money(costNano === 0 ? { kind: 'none' } : { kind: 'known', nanoDollars: costNano });
};

export function printEvaluation({ subjects, comparisons }: Evaluation): void {
  printTable(
    ['MODEL', 'SCORE', 'FAILED', 'A CALL', 'P50', 'P95'],
    subjects.map(({ subject, score, failed, costNano, latencyMs }) => [
      subject.prompt === null
        ? subject.model
        : `${subject.model}, ${subject.prompt.name} ${subject.prompt.version}`,
      three(score),
      failed,
      priceOf(costNano),
      `${Math.round(latencyMs.p50)} ms`,
      `${Math.round(latencyMs.p95)} ms`,
    ]),
  );
  for (const { from, to, better, worse, equal, difference, signTest } of comparisons)
    process.stdout.write(
      printable(
        `\n${subjects[to]?.subject.model} against ${subjects[from]?.subject.model}: ${three(difference)}; better ${better}, worse ${worse}, equal ${equal}; sign test p = ${signTest.toPrecision(2)}\n`,
      ),
    );
}

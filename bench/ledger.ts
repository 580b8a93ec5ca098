// Spans a second into the ledger with an fsync a batch, beside bare node:sqlite inserts of the same rows in transactions
// of 256; and the time that a call's path spends in the ledger.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newSpanId, newTraceId } from '../src/lib/ids.ts';
import { silentLog } from '../src/lib/log.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import { openStore } from '../src/store/open-store.ts';
import { median, percentile } from './statistics.ts';

const calls = 20_000;
const content = [{ role: 'user', content: 'What is the capital of France?' }];

function bareSqlite(dir: string): number {
  const db = new DatabaseSync(join(dir, 'bare.db'));
  db.exec(
    'pragma journal_mode=wal; pragma synchronous=full; create table spans (trace_id text, span_id text, name text, start_us integer, end_us integer, body text, primary key (trace_id, span_id))',
  );
  const insert = db.prepare('insert into spans values (?, ?, ?, ?, ?, ?)');
  const body = JSON.stringify(content);
  const started = performance.now();
  for (let i = 0; i < calls; i += 256) {
    db.exec('begin');
    for (let j = i; j < Math.min(i + 256, calls); j++)
      insert.run(newTraceId(), newSpanId(), 'chat local/model', j, j + 1, body);
    db.exec('commit');
  }
  const perSecond = calls / ((performance.now() - started) / 1000);
  db.close();
  return perSecond;
}

async function throughLedger(dir: string): Promise<{ perSecond: number; onPath: number[] }> {
  const store = await openStore({ dataDir: dir, log: silentLog });
  const ledger = createLedger({ store, log: silentLog, keepContent: () => true });
  const onPath: number[] = [];
  const started = performance.now();
  for (let i = 0; i < calls; i++) {
    const before = performance.now();
    const span = ledger.startSpan({
      name: 'chat local/model',
      kind: 'model',
      userId: 'local',
      source: 'api',
      input: content,
    });
    span.end({
      status: 'ok',
      model: 'local/model',
      usage: { input: 12, output: 7, cacheRead: 0, cacheWrite: 0, reasoning: 0 },
      cost: { kind: 'none' },
      output: 'Paris.',
    });
    onPath.push(performance.now() - before);
    // Give the writer its turns, as a server that also answers requests does.
    if (i % 64 === 63) await new Promise((done) => setImmediate(done));
  }
  await ledger.flush();
  const perSecond = calls / ((performance.now() - started) / 1000);
  await ledger.close();
  await store.close();
  return { perSecond, onPath };
}

export async function bench(): Promise<void> {
  const ratios: number[] = [];
  for (let round = 0; round < 3; round++) {
    const dir = mkdtempSync(join(tmpdir(), 'atelier-bench-'));
    const bare = bareSqlite(dir);
    const { perSecond, onPath } = await throughLedger(dir);
    rmSync(dir, { recursive: true, force: true });
    ratios.push(perSecond / bare);
    process.stdout.write(
      `ledger ${perSecond.toFixed(0)} spans/s (trace row, content, hourly figures, search text and fsync with each batch), bare inserts of the span alone ${bare.toFixed(0)}/s; on a call's path ${median(onPath).toFixed(4)} ms, p99 ${percentile(onPath, 0.99).toFixed(4)} ms (must be under 0.2)\n`,
    );
  }
  process.stdout.write(`ratio ${median(ratios).toFixed(3)}\n`);
}

// kill -9 at a random moment of a run of ten steps that append to a file: after it was taken up, every line is there
// once, no reader saw a text twice, and the run is one trace. 3 kills, 50 in the long run; ATELIER_KILLS sets another number.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from '../../test/children/start-child.ts';
import { filesOf, openAgents } from '../../test/open-agents.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { localIdentity as me } from '../contracts/identity.ts';
import { traceOf } from './create-agent-runner.ts';
import { applyEvent, newRunState } from './loop/run-state.ts';

const kills = Number(process.env.ATELIER_KILLS ?? (process.env.ATELIER_LONG ? 50 : 3));
const STEPS = 10;
/** How long such a run takes here, roughly. */
const RUN_MS = 1200;

const lines = Array.from({ length: STEPS }, (_, i) => `line ${i}\n`);
const script = [
  '#delay 25',
  '#plan Append the first line | Append the others | Answer',
  ...lines.flatMap((line) => [`#tool append_file {"path":"log","content":${JSON.stringify(line)}}`, '#step']),
  '#text All ten lines are written.',
].join('\n');

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.dispose());

test(
  `every line is there once after ${kills} kills`,
  async () => {
    let interrupted = 0;
    for (let kill = 0; kill < kills; kill++) {
      const model = kill % 2 === 0 ? 'scripted/script' : 'lab/script';
      await opened.store.close();
      const child = startChild('run-agent', [opened.dataDir, 'start', model, script]);
      const [, runId = ''] = (await child.nextLine()).split(' ');
      // Spread over the run, so that some kill comes before its end on a machine of any speed.
      const moment = (kill + Math.random()) / kills;
      await new Promise((resolve) => setTimeout(resolve, moment * RUN_MS));
      await child.kill();
      const finishedBefore = child.lines.some((line) => line.startsWith('finished'));
      if (!finishedBefore) {
        interrupted += 1;
        const next = startChild('run-agent', [opened.dataDir, 'recover']);
        // It may have ended in the moment of the kill; then nobody has to take it up.
        const last = await next.nextLine().catch(() => 'finished complete');
        expect(last).toBe('finished complete');
        await new Promise((resolve) => next.process.once('exit', resolve));
      }
      const store = await opened.reopen();
      expect(await readFile(join(filesOf(opened.dataDir, runId), 'log'), 'utf8')).toBe(lines.join(''));
      const lab = await openAgents(store, opened.dataDir);
      const events = await lab.runs.events(runId);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
      const state = newRunState();
      for (const { event } of events) applyEvent(state, event);
      expect(state.steps.map(({ number }) => number)).toEqual(
        Array.from({ length: STEPS + 1 }, (_, i) => i + 1),
      );
      expect(state.steps.map(({ text }) => text).join('')).toBe('All ten lines are written.');
      expect(events.filter(({ event }) => event.type === 'tool-result')).toHaveLength(STEPS);
      const { spans, summary } = await lab.ledger.getTrace(traceOf(runId).traceId, me.userId);
      expect(summary).toMatchObject({ name: 'invoke_agent assistant', status: 'ok' });
      expect(spans.filter((span) => span.parentId === null)).toHaveLength(1);
      await lab.close();
    }
    expect(interrupted).toBeGreaterThan(0);
  },
  20_000 + kills * 15_000,
);

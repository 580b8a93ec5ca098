// What a person waits for: the conversation list with 50,000 chats, the compressed JavaScript until the composer accepts
// text, and the frames while 100 tokens a second stream into a long answer, beside an empty page in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { newId } from '../src/lib/ids.ts';
import { silentLog } from '../src/lib/log.ts';
import { openStore } from '../src/store/open-store.ts';
import { openBrowser } from '../test/open-browser.ts';
import { startServer } from '../test/start-server.ts';
import { median, percentile } from './statistics.ts';

const chats = 50_000;

async function fill(dataDir: string): Promise<void> {
  const store = await openStore({ dataDir, log: silentLog });
  const now = Date.now();
  for (let i = 0; i < chats; i += 500) {
    const rows = Array.from({ length: 500 }, (_, j) => ({
      id: newId('conv', now - (i + j) * 60_000),
      user_id: 'local',
      title: `Conversation ${i + j} about lighthouses`,
      title_source: 'model',
      model: 'default',
      system: '',
      parameters: '{}',
      head_id: null,
      created_at: now - (i + j) * 60_000,
      updated_at: now - (i + j) * 60_000,
      deleted_at: null,
    }));
    await store.write([store.db.insertInto('conversations').values(rows)]);
  }
  await store.close();
}

/** Milliseconds between frames for so long. */
const frames = (page: Page, ms: number): Promise<number[]> =>
  page.evaluate(
    (duration) =>
      new Promise<number[]>((done) => {
        const gaps: number[] = [];
        const end = performance.now() + duration;
        let last = performance.now();
        const tick = (now: number) => {
          gaps.push(now - last);
          last = now;
          if (now < end) requestAnimationFrame(tick);
          else done(gaps.slice(2));
        };
        requestAnimationFrame(tick);
      }),
    ms,
  );

export async function bench(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-bench-'));
  await fill(dataDir);
  const server = await startServer({ dataDir });
  const browser = await openBrowser();
  try {
    await fetch(`${server.url}/atelier/v1/aliases/default`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'scripted/script' }),
    });
    const list: number[] = [];
    for (let i = 0; i < 21; i++) {
      const started = performance.now();
      await (await fetch(`${server.url}/atelier/v1/conversations?limit=50`)).arrayBuffer();
      list.push(performance.now() - started);
    }
    process.stdout.write(
      `list of 50 among ${chats} conversations: ${median(list.slice(1)).toFixed(1)} ms, first ${(list[0] ?? 0).toFixed(1)} ms (must be under 200)\n`,
    );

    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const scripts = new Set<string>();
    let bytes = 0;
    session.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script') scripts.add(requestId);
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength;
    });
    const opened = performance.now();
    await page.goto(`${server.url}/`);
    const composer = page.getByRole('textbox', { name: 'Message', exact: true });
    await composer.fill('x');
    const ready = performance.now() - opened;
    process.stdout.write(
      `composer accepts text after ${ready.toFixed(0)} ms and ${(bytes / 1000).toFixed(0)} kB of compressed JavaScript (at most 300)\n`,
    );

    const empty = await context.newPage();
    await empty.goto('about:blank');
    await empty.bringToFront();
    const idle = await frames(empty, 5000);
    await page.bringToFront();
    // About 10,000 tokens at full speed, then 100 a second for the measured part.
    await composer.fill('#words 7500\n#delay 10\n#words 4000');
    await composer.press('Enter');
    await page.waitForURL(/con_/);
    await page.getByRole('button', { name: /^Stop/ }).waitFor();
    await page.waitForTimeout(8000);
    const busy = await frames(page, 10_000);
    process.stdout.write(
      `frames while streaming into a long answer: p50 ${percentile(busy, 0.5).toFixed(1)} ms, p99 ${percentile(busy, 0.99).toFixed(1)} ms (must be under 50); empty page p99 ${percentile(idle, 0.99).toFixed(1)} ms, ratio ${(percentile(busy, 0.99) / percentile(idle, 0.99)).toFixed(2)}\n`,
    );
  } finally {
    await browser.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

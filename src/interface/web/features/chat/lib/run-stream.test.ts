import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../../../../contracts/run.ts';
import { createSseParser } from '../../../lib/sse.ts';
import { emptyRun, foldEvent, partsOf } from './run-state.ts';
import { backoffMs, followRun, RunStreamError } from './run-stream.ts';

const events: LoggedEvent[] = [
  { seq: 1, at: 1, event: { type: 'text-start', id: '0' } },
  { seq: 2, at: 2, event: { type: 'text-delta', id: '0', delta: 'é1 ' } },
  { seq: 3, at: 3, event: { type: 'text-delta', id: '0', delta: 'é2 ' } },
  { seq: 4, at: 4, event: { type: 'text-delta', id: '0', delta: 'é3' } },
  { seq: 5, at: 5, event: { type: 'run-finish', status: 'complete', receipt: null, error: null } },
];

function bytes(from: LoggedEvent[]): Uint8Array {
  return new TextEncoder().encode(
    `: hello\n\n${from.map((logged) => `id: ${logged.seq}\ndata: ${JSON.stringify(logged)}\n\n`).join('')}`,
  );
}

/** A server whose n-th connection sends what follows `after`, cut after `lengths[n]` bytes, in crumbs of 7 bytes. */
function cuttingServer(lengths: number[], overlap = 0) {
  const asked: number[] = [];
  const fetch = async (url: string | URL | Request) => {
    const after = Number(new URL(String(url), 'http://x').searchParams.get('after'));
    const all = bytes(events.filter((logged) => logged.seq > after - overlap));
    const part = all.subarray(0, lengths[asked.length] ?? all.length);
    asked.push(after);
    return new Response(
      new ReadableStream({
        start(controller) {
          for (let at = 0; at < part.length; at += 7) controller.enqueue(part.subarray(at, at + 7));
          controller.close();
        },
      }),
    );
  };
  return { asked, fetch };
}

async function read(server: { fetch: typeof fetch }) {
  let state = emptyRun;
  const waits: number[] = [];
  await followRun({
    runId: 'r',
    after: 0,
    signal: new AbortController().signal,
    fetch: server.fetch,
    wait: async (milliseconds) => void waits.push(milliseconds),
    onEvents: (batch) => {
      for (const logged of batch) state = foldEvent(state, logged);
    },
  });
  return { text: partsOf(state), waits };
}

describe('following a run', () => {
  test('a broken connection is taken up after the last whole event', async () => {
    for (let cut = 0; cut < bytes(events).length; cut += 11) {
      const server = cuttingServer([cut]);
      const { text } = await read(server);
      expect(text).toEqual([{ type: 'text', text: 'é1 é2 é3' }]);
    }
  });

  test('a server that repeats events doubles no text', async () => {
    const { text } = await read(cuttingServer([180, 120], 2));
    expect(text).toEqual([{ type: 'text', text: 'é1 é2 é3' }]);
  });

  test('waits longer after each failure, and asks anew from the last event', async () => {
    const server = cuttingServer([0, 0, 0]);
    const { waits } = await read(server);
    expect(waits).toEqual([backoffMs(0), backoffMs(1), backoffMs(2)]);
    expect(server.asked).toEqual([0, 0, 0, 0]);
    expect(backoffMs(20)).toBe(5_000);
  });

  test('a run that does not exist is an error, not an endless wait', async () => {
    const gone = { fetch: async () => new Response('{}', { status: 404 }) };
    await expect(read(gone)).rejects.toThrow(RunStreamError);
  });
});

test('the parser takes CRLF, comments, several data lines and any cut', () => {
  const wire = ': c\r\nid: 4\r\ndata: a\r\ndata: b\r\n\r\ndata:c\n\n';
  for (let cut = 1; cut < wire.length; cut += 1) {
    const parse = createSseParser();
    const messages = [...parse(wire.slice(0, cut)), ...parse(wire.slice(cut))];
    expect(messages.map((message) => message.data)).toEqual(['a\nb', 'c']);
    expect(messages[0]?.id).toBe('4');
  }
});

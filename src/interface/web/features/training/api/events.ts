// What happened in a training and what happens now: the history once, then the stream from its last number, again after
// every break, until the run has ended.
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { StoredTrainingEvent } from '../../../../../contracts/training.ts';
import { api } from '../../../lib/api.ts';
import { learningKeys } from '../../../lib/learning.ts';
import { readSse } from '../../../lib/sse.ts';
import { joinEvents } from '../lib/series.ts';

const at = (id: string) => `/training/${encodeURIComponent(id)}`;
const keyOf = (id: string) => ['training-events', id];

/** The page is drawn anew this often at most. */
const DRAW_MS = 250;
const AGAIN_MS = 1_000;

function keep(client: QueryClient, id: string, more: StoredTrainingEvent[]): void {
  client.setQueryData<StoredTrainingEvent[]>(keyOf(id), (before = []) => joinEvents(before, more));
}

async function readHistory(id: string, signal: AbortSignal): Promise<StoredTrainingEvent[]> {
  return (await api<{ events: StoredTrainingEvent[] }>(`${at(id)}/history`, { signal })).events;
}

async function follow(client: QueryClient, id: string, signal: AbortSignal): Promise<void> {
  const waiting: StoredTrainingEvent[] = [];
  const drawing = setInterval(() => {
    if (waiting.length > 0) keep(client, id, waiting.splice(0));
  }, DRAW_MS);
  let last = client.getQueryData<StoredTrainingEvent[]>(keyOf(id))?.at(-1)?.seq ?? 0;
  try {
    while (!signal.aborted) {
      try {
        const response = await fetch(`/atelier/v1${at(id)}/events?after=${last}`, {
          headers: { accept: 'text/event-stream', 'x-atelier-client': 'web' },
          signal,
        });
        if (response.ok && response.body)
          for await (const messages of readSse(response.body))
            for (const { data } of messages) {
              const event = JSON.parse(data) as StoredTrainingEvent;
              if (typeof event.seq !== 'number') continue;
              last = Math.max(last, event.seq);
              waiting.push(event);
            }
      } catch {
        // The connection broke, or the page goes: the state of the run says whether to go on.
      }
      if (signal.aborted) break;
      // It ended, or was cut off: the run itself tells which, and this effect with it.
      await client.invalidateQueries({ queryKey: learningKeys.training(id) });
      await new Promise((done) => setTimeout(done, AGAIN_MS));
      if (signal.aborted) break;
      const events = await readHistory(id, signal).catch(() => null);
      if (events === null) continue;
      waiting.length = 0;
      client.setQueryData(keyOf(id), events);
      last = events.at(-1)?.seq ?? 0;
    }
  } finally {
    clearInterval(drawing);
    if (waiting.length > 0) keep(client, id, waiting);
  }
}

/** `live`: the run moves by itself. Without it only what is stored is read. */
export function useTrainingEvents(id: string, live: boolean) {
  const client = useQueryClient();
  const history = useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => readHistory(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // Read whole whenever a page opens: a run that was killed tells the steps since its checkpoint anew.
    gcTime: 0,
  });
  const there = history.data !== undefined;
  useEffect(() => {
    if (!live || !there) return;
    const stop = new AbortController();
    void follow(client, id, stop.signal);
    return () => stop.abort();
  }, [client, id, live, there]);
  // What came between the last message and the end is read once more.
  const was = useRef(live);
  const { refetch } = history;
  useEffect(() => {
    if (was.current && !live) void refetch();
    was.current = live;
  }, [live, refetch]);
  return history;
}

// Runs that the page watches, one stream a run however many components look at it, told to React at most thirty times a second.
import { useCallback, useSyncExternalStore } from 'react';
import { emptyRun, foldEvent, isOver, type RunState } from './run-state.ts';
import { followRun, RunStreamError } from './run-stream.ts';

export interface WatchedRun extends RunState {
  /** `lost` while the stream reconnects; `refused` when the server has no such run. */
  connection: 'open' | 'lost' | 'refused';
}

interface Entry {
  /** What came in so far; ahead of `shown` by a frame or two. */
  state: WatchedRun;
  shown: WatchedRun;
  shownAt: number;
  /** From the last update to the frame after it. */
  paintMs: number;
  listeners: Set<() => void>;
  abort: AbortController;
  frame: (() => void) | null;
}

const entries = new Map<string, Entry>();
const finishListeners = new Set<(runId: string, state: WatchedRun) => void>();
const idle: WatchedRun = { ...emptyRun, connection: 'open' };

/** Told when a watched run ends or cannot be followed, even if its frame is not painted (a hidden tab). */
export function onRunFinish(listener: (runId: string, state: WatchedRun) => void): () => void {
  finishListeners.add(listener);
  return () => finishListeners.delete(listener);
}

/** Thirty updates a second read as smooth as sixty and cost half. */
const UPDATE_MS = 30;
/** Where an update is slow to paint (a huge table, a busy machine) the next ones come more seldom, to leave room for the rest. */
const SLOWEST_UPDATE_MS = 250;

function nextFrame(notBefore: number, work: () => void): () => void {
  if (document.hidden) {
    const timer = setTimeout(work, 250);
    return () => clearTimeout(timer);
  }
  let frame = requestAnimationFrame(function later(now) {
    if (now < notBefore) frame = requestAnimationFrame(later);
    else work();
  });
  return () => cancelAnimationFrame(frame);
}

function show(entry: Entry): void {
  const pause = Math.min(SLOWEST_UPDATE_MS, Math.max(UPDATE_MS, 2 * entry.paintMs));
  entry.frame ??= nextFrame(entry.shownAt + pause, () => {
    entry.frame = null;
    entry.shown = entry.state;
    entry.shownAt = performance.now();
    for (const listener of entry.listeners) listener();
    requestAnimationFrame(() => {
      entry.paintMs = performance.now() - entry.shownAt;
    });
  });
}

function start(runId: string): Entry {
  const entry: Entry = {
    state: idle,
    shown: idle,
    shownAt: 0,
    paintMs: 0,
    listeners: new Set(),
    abort: new AbortController(),
    frame: null,
  };
  entries.set(runId, entry);
  followRun({
    runId,
    after: 0,
    signal: entry.abort.signal,
    onConnection(connection) {
      if (entry.state.connection === connection) return;
      entry.state = { ...entry.state, connection };
      show(entry);
    },
    onEvents(events) {
      let state: RunState = entry.state;
      for (const event of events) state = foldEvent(state, event);
      entry.state = { ...state, connection: 'open' };
      if (isOver(entry.state)) for (const listener of finishListeners) listener(runId, entry.state);
      show(entry);
    },
  }).catch((error: unknown) => {
    if (!(error instanceof RunStreamError)) throw error;
    entry.state = { ...entry.state, connection: 'refused' };
    for (const listener of finishListeners) listener(runId, entry.state);
    show(entry);
  });
  return entry;
}

function subscribe(runId: string, listener: () => void): () => void {
  const entry = entries.get(runId) ?? start(runId);
  entry.listeners.add(listener);
  return () => {
    entry.listeners.delete(listener);
    // React unsubscribes and subscribes again in one go; give it the time.
    setTimeout(() => {
      if (entry.listeners.size > 0 || entries.get(runId) !== entry) return;
      entries.delete(runId);
      entry.abort.abort();
      entry.frame?.();
    }, 1_000);
  };
}

/** The run's answer so far. null: nothing is watched. */
export function useRun(runId: string | null): WatchedRun {
  const listen = useCallback(
    (listener: () => void) => (runId === null ? () => undefined : subscribe(runId, listener)),
    [runId],
  );
  return useSyncExternalStore(listen, () => (runId === null ? idle : (entries.get(runId)?.shown ?? idle)));
}

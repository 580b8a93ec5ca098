// One stream of server events a page: it keeps the cache true and tells whoever listens.
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { Health, ServerEvent } from '../../../contracts/system.ts';
import type { Task } from '../../../contracts/task.ts';
import { learningKeys } from './learning.ts';
import { queryKeys } from './query-keys.ts';

type Listener = (event: ServerEvent) => void;
const listeners = new Set<Listener>();

/** Hears every server event while the page is open; returns the function that stops it. */
export function onServerEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Topics whose answers are out of date after an event. */
export function staleKeys(event: ServerEvent): readonly QueryKey[] {
  switch (event.type) {
    case 'task-changed':
      if (event.task.status === 'running') return [];
      if (event.task.kind === 'apps.batch') return [queryKeys.apps];
      if (event.task.kind === 'learning.tuned-file') return [learningKeys.tunedModels, queryKeys.models];
      return [queryKeys.catalogue, queryKeys.health];
    case 'models-changed':
      return [
        queryKeys.models,
        queryKeys.catalogue,
        queryKeys.providers,
        queryKeys.health,
        queryKeys.overview,
      ];
    case 'first-run-changed':
      return [];
    case 'conversation-changed':
      return [queryKeys.conversation(event.conversationId)];
    case 'conversations-changed':
      return [queryKeys.conversations];
    case 'trace-changed':
      return [
        queryKeys.traces,
        queryKeys.trace(event.traceId),
        queryKeys.usage,
        queryKeys.budgets,
        queryKeys.overview,
      ];
    case 'settings-changed':
      return [queryKeys.settings];
    case 'knowledge-changed':
      return [queryKeys.knowledge, queryKeys.overview];
    case 'agents-changed':
      return [queryKeys.agents, queryKeys.overview];
    case 'approvals-changed':
      return [queryKeys.approvals, queryKeys.overview];
    case 'tools-changed':
      return [queryKeys.tools, queryKeys.overview];
    case 'apps-changed':
      return [queryKeys.apps, queryKeys.overview];
    case 'span-started':
    case 'span-ended':
      return [];
  }
}

/** The tasks with one of them put in, newest first. */
export function withTask(tasks: readonly Task[], changed: Task): Task[] {
  const others = tasks.filter((task) => task.id !== changed.id);
  return [...others, changed].sort((a, b) => b.createdAt - a.createdAt);
}

export function applyEvent(client: QueryClient, event: ServerEvent): void {
  if (event.type === 'task-changed')
    client.setQueryData<Task[]>(queryKeys.tasks, (tasks) => tasks && withTask(tasks, event.task));
  if (event.type === 'first-run-changed')
    client.setQueryData<Health>(
      queryKeys.health,
      (health) =>
        health && {
          ...health,
          firstRun: event.firstRun,
          ready: event.firstRun.state === 'ready' || health.ready,
        },
    );
  for (const queryKey of staleKeys(event)) refreshSoon(client, queryKey);
}

/** How often one topic is read again at most: a busy server sends many events a second. */
const REFRESH_MS = 400;
/** Figures that are sums over everything may be two seconds old. */
const OVERVIEW_MS = 2_000;
const sums = new Set<QueryKey>([queryKeys.overview, queryKeys.usage, queryKeys.budgets]);
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

function refreshSoon(client: QueryClient, queryKey: QueryKey): void {
  const name = JSON.stringify(queryKey);
  if (waiting.has(name)) return;
  waiting.set(
    name,
    setTimeout(
      () => {
        waiting.delete(name);
        void client.invalidateQueries({ queryKey });
      },
      sums.has(queryKey) ? OVERVIEW_MS : REFRESH_MS,
    ),
  );
}

/** Opens the stream; after a break everything is read again, because events may have been missed. */
export function openEvents(client: QueryClient): () => void {
  const source = new EventSource('/atelier/v1/events');
  let broken = false;
  source.onmessage = (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as ServerEvent;
    applyEvent(client, event);
    for (const listener of listeners) listener(event);
  };
  source.onerror = () => {
    broken = true;
  };
  source.onopen = () => {
    if (!broken) return;
    broken = false;
    void client.invalidateQueries();
  };
  return () => source.close();
}

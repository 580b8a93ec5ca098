// GET /atelier/v1/events: what happens while a page is open. A slow page gets the newest state of each thing, not all.
import { createRoute } from '@hono/zod-openapi';
import type { Identity } from '../../contracts/identity.ts';
import type { ServerEvent } from '../../contracts/system.ts';
import { createLatestQueue } from '../../lib/latest-queue.ts';
import { sseHeaders, sseResponse } from '../../lib/sse.ts';
import { createRouter, eventStream, ledgerScope } from '../route-parts.ts';
import type { ApiServices } from '../services.ts';
import { createSpanEvents } from '../span-events.ts';
import { maySeeTask } from '../task-access.ts';

async function* serverEvents(
  {
    access,
    jobs,
    registry,
    library,
    knowledge,
    agents,
    tools,
    chat,
    ledger,
    settings,
    userSettings,
  }: ApiServices,
  who: Identity,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const queue = createLatestQueue<ServerEvent>();
  const put = (event: ServerEvent, id = '') => queue.put(event.type + id, event);
  const putSpan = createSpanEvents(queue);
  const mine = (userId: string) => userId === who.userId;
  const firstRun = () => put({ type: 'first-run-changed', firstRun: library.firstRun() });
  const ledgerUser = ledgerScope(who);
  firstRun();
  const off = [
    // A page connects again by itself, and is then asked who it is.
    access.onChange(queue.close),
    jobs.onChange((task) => {
      if (maySeeTask(who, task)) put({ type: 'task-changed', task }, task.id);
    }),
    registry.onChange(() => put({ type: 'models-changed' })),
    library.onChange(() => {
      put({ type: 'models-changed' });
      firstRun();
    }),
    chat.onChange(({ userId, conversationId }) => {
      if (!mine(userId)) return;
      if (conversationId === null) put({ type: 'conversations-changed', userId });
      else put({ type: 'conversation-changed', conversationId, userId }, conversationId);
    }),
    knowledge.onChange(({ userId, collectionId }) => {
      if (mine(userId)) put({ type: 'knowledge-changed', collectionId, userId }, collectionId ?? '');
    }),
    agents.onChange(({ userId, what }) => {
      // Agents are shared: somebody else's may be in this person's list.
      if (mine(userId) || what === 'agents') put({ type: `${what}-changed`, userId: who.userId });
    }),
    tools.registry.onChange(() => put({ type: 'tools-changed' })),
    ledger.onChange(({ traceId, userId }) => {
      if (ledgerUser === null || mine(userId)) put({ type: 'trace-changed', traceId, userId }, traceId);
    }),
    settings.onChange(() => put({ type: 'settings-changed' })),
    userSettings.onChange((userId) => {
      if (mine(userId)) put({ type: 'settings-changed' });
    }),
    ledger.onSpan((span) => {
      if (ledgerUser === null || mine(span.userId)) putSpan(span);
    }),
  ];
  signal.addEventListener('abort', queue.close, { once: true });
  if (signal.aborted) queue.close();
  try {
    yield* queue;
  } finally {
    for (const unsubscribe of off) unsubscribe();
  }
}

export function eventRoutes(services: ApiServices, shutdown: AbortSignal) {
  return createRouter().openapi(
    createRoute({
      method: 'get',
      path: '/atelier/v1/events',
      tags: ['system'],
      summary: 'What changes, as it changes; the first event is the state of the first run',
      responses: { 200: eventStream },
    }),
    (c) => {
      if (c.req.raw.method === 'HEAD') return c.body(null, 200, sseHeaders()) as never;
      const who = c.get('identity');
      return sseResponse(
        async function* (signal) {
          for await (const event of serverEvents(services, who, signal))
            yield { data: JSON.stringify(event) };
        },
        { signals: [c.req.raw.signal, shutdown] },
      ) as never;
    },
  );
}

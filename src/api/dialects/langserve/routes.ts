// Apps and agents as LangServe serves chains: /serve/apps/{name} and /serve/agents/{name}, and each again below
// /c/{config_hash}, where the address carries a configuration. RemoteRunnable of LangChain is the client.
import type { Context } from 'hono';
import { runnableAgent } from '../../../agent/runnable-agent.ts';
import type { Apps } from '../../../apps/apps.ts';
import { checkAppIsThere } from '../../../apps/check-app-is-there.ts';
import { collectServed, type Served } from '../../../apps/served/served.ts';
import { type AgentParts, servedAgent } from '../../../apps/served/served-agent.ts';
import { servedApp } from '../../../apps/served/served-app.ts';
import { type AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import { type SseMessage, sseResponse } from '../../../lib/sse.ts';
import { toldTo } from '../../askable-models.ts';
import { createRouter, sourceOf } from '../../route-parts.ts';
import type { ApiEnv, ApiServices } from '../../services.ts';
import { runBatch } from './batch.ts';
import { describeRoutes } from './describe-routes.ts';
import { langServeErrorBody, langServeStatus } from './errors.ts';
import { giveFeedback } from './feedback.ts';
import { wanted } from './filter.ts';
import { languageOf, playgroundJavaScript, playgroundPage } from './playground.ts';
import {
  configJsonSchema,
  configOfHash,
  type LogRequest,
  readBatch,
  readCall,
  readLogRequest,
  type ServeConfig,
} from './read-request.ts';
import { inputSchema, outputSchema } from './schemas.ts';
import { type ServeRun, startRun } from './serve-run.ts';
import { type Step, type StepRun, steps, wireAnswer } from './steps.ts';
import { toEvents } from './to-events.ts';
import { toLog } from './to-log.ts';

export interface LangServeServices extends Pick<ApiServices, 'ledger' | 'log'>, AgentParts {
  apps: Pick<Apps, 'get' | 'list' | 'stream'>;
}
type C = Context<ApiEnv>;
type IsWanted = (run: StepRun) => boolean;

const bases = ['/serve/:kind{apps|agents}/:name', '/serve/:kind{apps|agents}/:name/c/:hash'];

export function langServeRoutes(services: LangServeServices, shutdown: AbortSignal) {
  const { ledger, log } = services;
  const router = createRouter();

  /** @throws AtelierError not_found */
  const find = async (c: C): Promise<Served> => {
    const { kind, name = '' } = c.req.param();
    const who = c.get('identity');
    if (kind === 'agents')
      return servedAgent(services, who, (await runnableAgent(services.agents, who, name)).id);
    checkAppIsThere(services.apps, who, name);
    return servedApp(services.apps, name);
  };
  const begin = (c: C, served: Served, input: unknown, config: ServeConfig, signal: AbortSignal): ServeRun =>
    startRun(ledger, { served, who: c.get('identity'), input, config, source: sourceOf(c), signal });
  const response = (runId: string) => ({ run_id: runId, feedback_tokens: [] });

  /** Everything that is known too late for a status, and faults of the body too, arrives as an event. */
  function stream(
    c: C,
    served: Served,
    /** Reads what it needs of the body before the run begins. */
    writer: (body: string) => (steps: AsyncGenerator<Step>, runId: string) => AsyncIterable<SseMessage>,
  ): Response {
    return sseResponse(
      async function* (signal) {
        try {
          const body = await c.req.text();
          const write = writer(body);
          const { input, config } = readCall(body, c.req.param('hash'));
          const run = begin(c, served, input, config, signal);
          const { tags, metadata } = config;
          yield* write(steps(run.events, { served, runId: run.runId, input, tags, metadata }), run.runId);
          yield { event: 'end' };
        } catch (thrown) {
          const error = toldTo(c.get('identity'), toAtelierError(thrown));
          if (error.code === 'cancelled' && signal.aborted) return;
          log.warn('a served stream failed', { id: c.get('requestId'), code: error.code });
          yield { event: 'error', data: JSON.stringify(streamError(error)) };
        }
      },
      { signals: [c.req.raw.signal, shutdown], lineEnd: '\r\n' },
    );
  }

  const events = async function* (values: AsyncIterable<unknown>): AsyncGenerator<SseMessage> {
    for await (const value of values) yield { event: 'data', data: JSON.stringify(value) };
  };

  for (const base of bases) {
    router.post(`${base}/invoke`, async (c) => {
      const served = await find(c);
      const { input, config } = readCall(await c.req.text(), c.req.param('hash'));
      const run = begin(c, served, input, config, AbortSignal.any([c.req.raw.signal, shutdown]));
      const { output, receipt } = await collectServed(run.events);
      const answer = wireAnswer(served, run.runId, output, receipt);
      return c.json({ output: answer ?? null, callback_events: [], metadata: response(run.runId) }, 200, {
        'x-atelier-trace-id': run.traceId,
      });
    });

    router.post(`${base}/batch`, async (c) => {
      const served = await find(c);
      const { inputs, configs } = readBatch(await c.req.text(), c.req.param('hash'));
      const signal = AbortSignal.any([c.req.raw.signal, shutdown]);
      const done = await runBatch(inputs, configs, signal, async (input, config, inner) => {
        const run = begin(c, served, input, config, inner);
        const { output, receipt } = await collectServed(run.events);
        return { runId: run.runId, answer: wireAnswer(served, run.runId, output, receipt) ?? null };
      });
      return c.json({
        output: done.map(({ answer }) => answer),
        callback_events: done.map(() => []),
        metadata: {
          run_ids: done.map(({ runId }) => runId),
          responses: done.map(({ runId }) => response(runId)),
        },
      });
    });

    router.post(`${base}/stream`, async (c) =>
      stream(
        c,
        await find(c),
        () =>
          async function* (all, runId) {
            for await (const step of all) {
              if (step.kind === 'start' && step.run.parentIds.length === 0)
                yield { event: 'metadata', data: JSON.stringify(response(runId)) };
              if (step.kind === 'stream' && step.run.parentIds.length === 0)
                yield { event: 'data', data: JSON.stringify(step.chunk) };
            }
          },
      ),
    );

    router.post(`${base}/stream_log`, async (c) =>
      stream(c, await find(c), (body) => {
        const isWanted: IsWanted = wanted(readLogRequest(body));
        return (all) => events(toLog(all, isWanted));
      }),
    );

    router.post(`${base}/stream_events`, async (c) =>
      stream(c, await find(c), (body) => {
        const request: LogRequest = readLogRequest(body);
        const isWanted: IsWanted = wanted(request);
        // LangServe's own server knows only the older form, so that is what is given unasked.
        const version = request.version ?? request.kwargs?.version ?? 'v1';
        return (all) => events(toEvents(all, { version, isWanted }));
      }),
    );

    router.get(`${base}/input_schema`, async (c) => described(c, inputSchema(await find(c))));
    router.get(`${base}/output_schema`, async (c) => described(c, outputSchema(await find(c))));
    router.get(`${base}/config_schema`, async (c) => {
      await find(c);
      return described(c, configJsonSchema);
    });

    router.get(`${base}/playground`, (c) => c.redirect(`${new URL(c.req.url).pathname}/`, 307));
    router.get(`${base}/playground/`, async (c) => {
      const served = await find(c);
      configOfHash(c.req.param('hash'));
      const address = new URL(c.req.path.replace(/\/playground\/$/, ''), c.req.url).href;
      c.header('vary', 'accept-language');
      return c.html(playgroundPage(served, languageOf(c.req.header('accept-language')), address));
    });
    router.get(`${base}/playground/playground.js`, (c) =>
      c.body(playgroundJavaScript, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
    );

    router.on(['GET', 'HEAD'], `${base}/feedback`, async (c) => {
      await find(c);
      return c.json(null);
    });
    router.post(`${base}/feedback`, async (c) => {
      await find(c);
      return c.json(await giveFeedback(ledger, c.get('identity'), await c.req.text()));
    });
  }
  describeRoutes(router);
  return router;
}

function described(c: C, schema: object): Response {
  configOfHash(c.req.param('hash'));
  return c.json(schema);
}

function streamError(error: AtelierError): { status_code: number; message: string } {
  const status_code = langServeStatus(error);
  // A list of faults is sent as the text of it, as LangServe does.
  const { detail } = langServeErrorBody(error);
  return { status_code, message: typeof detail === 'string' ? detail : JSON.stringify(detail) };
}

// Apps and agents over a store of a test's own, with the scripted model as the default, and LangServe's addresses before
// them on a real socket.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createAgentCore } from '../src/agent/create-agent-core.ts';
import { createRunLog } from '../src/agent/create-run-log.ts';
import { langServeErrorBody, langServeStatus } from '../src/api/dialects/langserve/errors.ts';
import { langServeRoutes } from '../src/api/dialects/langserve/routes.ts';
import { createRouter } from '../src/api/route-parts.ts';
import type { AppDefinition } from '../src/apps/apps.ts';
import { createApps } from '../src/apps/create-apps.ts';
import { createServedModels } from '../src/apps/served-models.ts';
import { toAtelierError } from '../src/contracts/errors.ts';
import { localIdentity } from '../src/contracts/identity.ts';
import { createJobs } from '../src/jobs/create-jobs.ts';
import { silentLog } from '../src/lib/log.ts';
import { createGateway } from '../src/models/create-gateway.ts';
import { createRegistry } from '../src/models/create-registry.ts';
import { createDecider } from '../src/models/decide/create-decider.ts';
import {
  countScriptedTokens,
  createScriptedProvider,
} from '../src/models/providers/scripted/scripted-provider.ts';
import { createLedger } from '../src/monitoring/create-ledger.ts';
import { createBlobKeeper } from '../src/store/blob-keeper.ts';
import { createTools } from '../src/tools/create-tools.ts';
import { createToolSettings } from '../src/tools/tool-settings.ts';
import { openTestStore } from './open-test-store.ts';

export async function openServed(definitions: readonly AppDefinition[] = []) {
  const { store, dataDir, dispose } = await openTestStore();
  const log = silentLog;
  const ledger = createLedger({ store, log, keepContent: () => true, flushMs: 5 });
  const served = createServedModels();
  const registry = createRegistry({
    store,
    providers: () => [...served.providers, createScriptedProvider()],
  });
  const gateway = createGateway({ registry, ledger, tokenCounters: { scripted: countScriptedTokens } });
  await registry.setAlias('default', 'scripted/script');
  const runs = createRunLog({ store, log, flushMs: 5 });
  const settings = await createToolSettings({ store, log });
  const tools = await createTools({ dataDir, version: 'test', log });
  const core = createAgentCore({
    store,
    runs,
    gateway,
    registry,
    ledger,
    tools,
    approvalRule: settings.approvalRule,
    knowledge: null,
    log,
    retryMs: 1,
  });
  const { agents } = core;
  const jobs = createJobs({ store, log });
  const apps = createApps({
    store,
    jobs,
    gateway,
    registry,
    decider: createDecider({ gateway, registry, ledger }),
    ledger,
    sandbox: tools.sandbox,
    blobs: createBlobKeeper({ store, log }),
    log,
    sources: [{ definitions: () => definitions, faults: () => [], onChange: () => () => {} }],
  });
  served.connect({ apps, agents, runs, aliases: registry.aliases });

  const stop = new AbortController();
  const router = createRouter();
  router.use(async (c, next) => {
    c.set('identity', localIdentity);
    c.set('requestId', 'req_1');
    await next();
  });
  router.route('/', langServeRoutes({ apps, agents, runs, ledger, log }, stop.signal));
  router.onError((thrown, c) => {
    const error = toAtelierError(thrown);
    return c.json(langServeErrorBody(error), langServeStatus(error) as 422);
  });
  const server = await new Promise<Server>((resolve) => {
    const made = createServer(getRequestListener(router.fetch));
    made.listen(0, '127.0.0.1', () => resolve(made));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apps,
    agents,
    ledger,
    registry,
    gateway,
    runs,
    async close() {
      stop.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await apps.close();
      await runs.close(2000);
      await agents.close();
      await tools.close();
      await jobs.stop();
      await ledger.close();
      await dispose();
    },
  };
}

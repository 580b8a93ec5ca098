// Composition root: opens the store, builds every service, registers the jobs. Everything but api and interface meets here.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Access, createAccess } from './access/create-access.ts';
import { createSpending, type Spending } from './access/spending/create-spending.ts';
import type { Agents } from './agent/agents.ts';
import type { GroundedAnswers } from './agent/answer-from-knowledge.ts';
import { createGroundedAnswers } from './agent/answers/create-grounded-answers.ts';
import { createAgentCore } from './agent/create-agent-core.ts';
import type { AgentRunners } from './agent/create-agent-runner.ts';
import { createEmbedder } from './agent/create-embedder.ts';
import { createRunLog } from './agent/create-run-log.ts';
import type { RunLog } from './agent/run-log.ts';
import { createScoreOf } from './apps/app-figures.ts';
import type { Apps } from './apps/apps.ts';
import type { ChatService } from './apps/chat/chat-service.ts';
import { createChatService } from './apps/chat/create-chat-service.ts';
import { createApps } from './apps/create-apps.ts';
import { createPrompts } from './apps/prompts/create-prompts.ts';
import type { Prompts } from './apps/prompts/prompts.ts';
import { createServedModels } from './apps/served-models.ts';
import { createUserApps } from './apps/user/create-user-apps.ts';
import type { Config } from './config.ts';
import { AtelierError } from './contracts/errors.ts';
import { createJobs } from './jobs/create-jobs.ts';
import type { Jobs } from './jobs/queue.ts';
import { createClassifierModels } from './learning/classifier/classifier-models.ts';
import { createLearning, type Learning } from './learning/create-learning.ts';
import { createGuardedFetch, type GuardedFetch } from './lib/guarded-fetch.ts';
import { createLog, type Log } from './lib/log.ts';
import { type AnswerCache, createAnswerCache } from './models/answer-cache.ts';
import { loadCatalogue } from './models/catalogue.ts';
import { createEndpoints } from './models/create-endpoints.ts';
import { createGateway } from './models/create-gateway.ts';
import { createLibrary } from './models/create-library.ts';
import { createRegistry } from './models/create-registry.ts';
import { createDecider } from './models/decide/create-decider.ts';
import type { Decider } from './models/decider.ts';
import type { Endpoints } from './models/endpoints.ts';
import type { Gateway } from './models/gateway.ts';
import type { ModelLibrary } from './models/library.ts';
import { createAcceleratorFinder } from './models/local/find-accelerator.ts';
import { createLocalEngine } from './models/local/local-engine.ts';
import { createLocalProvider } from './models/local/local-provider.ts';
import {
  countScriptedTokens,
  createScriptedProvider,
} from './models/providers/scripted/scripted-provider.ts';
import type { ModelRegistry } from './models/registry.ts';
import { createLedger } from './monitoring/create-ledger.ts';
import { markInterrupted } from './monitoring/interrupted-spans.ts';
import type { Ledger } from './monitoring/ledger.ts';
import { createRetentionJob, RETENTION_KIND } from './monitoring/retention.ts';
import { createKnowledge, type KnowledgeService } from './retrieval/create-knowledge.ts';
import type { Embedder } from './retrieval/embedder.ts';
import { createFiles, type Files } from './retrieval/files.ts';
import { createPassageIndex } from './retrieval/index/create-passage-index.ts';
import { createParserPool } from './retrieval/parse/pool/parser-pool.ts';
import { createStoredFiles, type StoredFiles } from './retrieval/stored-files.ts';
import { type BlobKeeper, createBlobKeeper } from './store/blob-keeper.ts';
import { acquireLock } from './store/lock.ts';
import { createMeasurements } from './store/measurements.ts';
import { openStore } from './store/open-store.ts';
import { createSealer } from './store/secrets.ts';
import { createSettings, type SettingsService } from './store/settings.ts';
import type { Store } from './store/store.ts';
import { createStoredResponses, type StoredResponses } from './store/stored-responses.ts';
import { createUserSettings, type UserSettings } from './store/user-settings.ts';
import { type WatchOthers, watchOthers } from './store/watch-others.ts';
import { createTools, type Tools } from './tools/create-tools.ts';
import { createMcpServers, type McpServers } from './tools/mcp-servers.ts';
import { createToolSettings, type ToolSettings } from './tools/tool-settings.ts';

export { engineBackends } from './models/local/local-engine.ts';
export { pipCandidates } from './models/sources/pip.ts';
export { readAddress, readMachineToken } from './store/lock.ts';

export interface App {
  config: Config;
  version: string;
  startedAt: number;
  log: Log;
  store: Store;
  access: Access;
  settings: SettingsService;
  userSettings: UserSettings;
  jobs: Jobs;
  ledger: Ledger;
  endpoints: Endpoints;
  library: ModelLibrary;
  registry: ModelRegistry;
  /** Budgets and limits. */
  spending: Spending;
  /** Answers that are given again for the same request. */
  answerCache: AnswerCache;
  gateway: Gateway;
  decider: Decider;
  /** Lets a model of this machine leave memory unless somebody waits for it. */
  releaseModel(id: string): Promise<void>;
  /** For whoever keeps bytes that rows point to. */
  blobs: BlobKeeper;
  /** For addresses that a model, a document or a person chose. */
  guarded: GuardedFetch;
  embedder: Embedder;
  knowledge: KnowledgeService;
  files: Files;
  storedFiles: StoredFiles;
  responses: StoredResponses;
  tools: Tools;
  toolSettings: ToolSettings;
  mcpServers: McpServers;
  agents: Agents;
  apps: Apps;
  prompts: Prompts;
  /** Answers of a conversation that an agent gives are runs of its own log. */
  agentRunner: AgentRunners;
  answers: GroundedAnswers;
  runs: RunLog;
  chat: ChatService;
  /** Datasets, training, evaluation, tuned models. */
  learning: Learning;
  /** The built page. */
  webDir: string;
  /** Records the address under which this data folder can be reached. */
  announce(address: { port: number; url: string; localUrl: string }): Promise<void>;
  /** Takes up the work that an earlier process left, and sees to the first model. Call it once the server listens. */
  start(): Promise<void>;
  /** Finishes or marks the answers under way. */
  drain(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** How long answers under way may take to be stored when the program stops. */
const CLOSE_MS = 5000;
const HOUR_MS = 3_600_000;
/** How long a deleted conversation can be restored, and how long the event log of a finished run is kept. */
const DELETED_KEPT_MS = 30 * 24 * HOUR_MS;
/** dist/web beside the emitted program, and the same folder seen from src/. */
const builtPage = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/web' : './web', import.meta.url),
);

/**
 * Opens the data folder, marks the answers that an earlier process left in the middle and builds everything; nothing
 * runs until `start`.
 * @throws AtelierError store_locked, store_newer, storage_failed, storage_full
 */
export async function createApp(config: Config, { version }: { version: string }): Promise<App> {
  const startedAt = Date.now();
  const log = createLog(config.logLevel);
  const lock = await acquireLock(config.dataDir);
  const opened: (() => Promise<void>)[] = [() => lock.release()];
  /** Last opened, first closed; every one is closed even when another fails. */
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        log.error('a part did not close', { error: String(error) });
      }
    }
  };

  try {
    const store = await openStore({ dataDir: config.dataDir, databaseUrl: config.databaseUrl, log });
    opened.push(() => store.close());
    const access = await createAccess({ store, log });
    opened.push(() => access.close());
    const settings = await createSettings(store, log);
    const userSettings = createUserSettings({ store, settings, log });
    const jobs = createJobs({ store, log });
    opened.push(() => jobs.stop());
    const ledger = createLedger({ store, log, keepContent: () => settings.get().keepContent });
    opened.push(() => ledger.close());

    const measurements = createMeasurements(store);
    const engine = createLocalEngine({
      log,
      measurements,
      gpu: config.gpu,
      unloadAfterMinutes: () => settings.get().unloadAfterMinutes,
    });
    opened.push(() => engine.close());
    const sealer = createSealer({ dataDir: config.dataDir, secret: config.secret, log });
    const endpoints = createEndpoints({
      store,
      sealer,
      log,
      installed: () => library.installed(),
      idleMinutes: () => settings.get().unloadAfterMinutes,
    });
    opened.push(() => endpoints.close());
    let ownPort = config.port;
    const library = createLibrary({
      store,
      jobs,
      log,
      dataDir: config.dataDir,
      firstModel: config.model === 'none' ? null : config.model,
      hubEndpoint: config.hubEndpoint,
      hubToken: config.hubToken,
      others: { any: async () => (await endpoints.list()).length > 0, onChange: endpoints.onChange },
      ownPorts: () => [ownPort],
      accelerated: createAcceleratorFinder({ gpu: config.gpu, measurements, log }),
    });
    const local = createLocalProvider({ engine, library });
    const scripted = createScriptedProvider();
    const served = createServedModels();
    const classifierModels = createClassifierModels({ store });
    const listingOf = async (name: string) =>
      (await library.catalogue()).find((listing) => listing.entry.id === name) ?? null;
    const catalogue = loadCatalogue();
    const registry = createRegistry({
      store,
      providers: async () => [
        local,
        ...(await endpoints.providers()),
        ...served.providers,
        classifierModels.provider,
        scripted,
      ],
      catalogueEntry: async (name) => {
        const listing = await listingOf(name);
        if (listing === null) return null;
        const { displayName, sizeBytes } = listing.entry;
        return { displayName, sizeBytes, taskId: listing.taskId };
      },
      firstRun: library.firstRun,
      progressOf: async (taskId) => (await jobs.get(taskId)).progress,
      scoreOf: createScoreOf(store),
      rank: (model) => catalogue.find((entry) => entry.id === model.name)?.rank ?? null,
      changes: [
        library.onChange,
        endpoints.onChange,
        engine.onChange,
        served.onChange,
        classifierModels.onChange,
      ],
      onListenerError: (error) => log.error('a listener of the registry failed', { error: String(error) }),
    });
    const spending = await createSpending({ store, log });
    opened.push(() => spending.close());
    const answerCache = createAnswerCache({ store, log });
    const gateway = createGateway({
      registry,
      ledger,
      admit: spending.admit,
      answers: answerCache,
      tokenCounters: {
        local: async (model, options) => {
          const installed = (await library.installed()).find((candidate) => candidate.id === model.info.name);
          if (installed === undefined)
            throw new AtelierError('model_not_found', `The model ${model.info.id} was removed.`);
          return engine.countTokens(installed, options);
        },
        scripted: countScriptedTokens,
      },
    });

    const decider = classifierModels.decider(createDecider({ gateway, registry, ledger }), registry);
    // Of six letters a small model takes the same one for nearly everything; the labels themselves it tells apart.
    const labelDecider = classifierModels.decider(
      createDecider({ gateway, registry, ledger, codes: 'labels' }),
      registry,
    );

    const blobs = createBlobKeeper({ store, log });
    const guarded = createGuardedFetch();
    opened.push(() => guarded.close());
    const embedder = createEmbedder({ gateway, library, jobs, engine });
    const parsers = createParserPool();
    opened.push(() => parsers.close());
    const index = createPassageIndex({ store, log });
    opened.push(() => index.close());
    const knowledge = createKnowledge({
      store,
      jobs,
      ledger,
      parsers,
      index,
      embedder,
      guarded,
      log,
      blobs,
      onModelsChange: library.onChange,
    });
    opened.push(() => knowledge.close());

    const toolSettings = await createToolSettings({ store, log });
    const tools = await createTools({
      dataDir: config.dataDir,
      version,
      log,
      guarded,
      isEnabled: (name) => toolSettings.isEnabled(name),
    });
    opened.push(() => tools.close());
    toolSettings.onChange(tools.registry.changed);
    const mcpServers = createMcpServers({ store, sealer, source: tools.mcp, log });

    const runs = createRunLog({ store, log });
    const { agents, runner: agentRunner } = createAgentCore({
      store,
      runs,
      gateway,
      registry,
      ledger,
      tools,
      approvalRule: (name) => toolSettings.approvalRule(name),
      knowledge,
      log,
    });
    // The agents wait for their runs, which the closing of the run log ends.
    opened.push(() => agents.close());
    opened.push(() => runs.close(CLOSE_MS));
    const userApps = await createUserApps({ folder: join(config.dataDir, 'apps'), log, gateway });
    opened.push(() => userApps.close());
    const apps = createApps({
      store,
      blobs,
      jobs,
      gateway,
      registry,
      decider: labelDecider,
      ledger,
      sandbox: tools.sandbox,
      log,
      sources: [userApps],
    });
    opened.push(() => apps.close());
    served.connect({ apps, agents, runs, aliases: registry.aliases });
    const answers = createGroundedAnswers({
      knowledge,
      gateway,
      registry,
      decider,
      measurements,
      ledger,
      log,
    });
    const prompts = createPrompts({ store });
    const responses = createStoredResponses({ store });
    const chat = createChatService({
      store,
      runs,
      gateway,
      registry,
      ledger,
      agents,
      runner: agentRunner,
      answers,
      log,
    });
    opened.push(() => chat.close());
    const learning = createLearning({
      store,
      jobs,
      log,
      dataDir: config.dataDir,
      gateway,
      registry,
      ledger,
      library,
      decider: labelDecider,
      embedder,
      blobs,
      measurements,
      userSettings,
    });
    opened.push(() => learning.close());
    classifierModels.connect(learning.classifiers);
    // Before anybody can ask: an answer that an earlier process left must not look as if it went on.
    await chat.recover();
    jobs.register(
      createRetentionJob({
        store,
        settings: settings.get,
        also: {
          collections: (now, signal) => knowledge.purge(now - DELETED_KEPT_MS, signal),
          conversations: (now, signal) => chat.purge(now - DELETED_KEPT_MS, signal),
          runs: (now) => runs.purge(now - DELETED_KEPT_MS),
          answers: (now) => answerCache.purge(now),
          responses: (now) => responses.purge(now),
          prompts: (now) => prompts.purge(now - DELETED_KEPT_MS),
          datasets: (now) => learning.datasets.purge(now - DELETED_KEPT_MS),
        },
      }),
    );
    // First of all to be closed: what is under way goes back into the queue while all that it needs is still there.
    opened.push(() => jobs.stop());
    let others: WatchOthers | undefined;
    opened.push(async () => others?.stop());

    return {
      config,
      version,
      startedAt,
      log,
      store,
      access,
      settings,
      userSettings,
      jobs,
      ledger,
      endpoints,
      library,
      registry,
      spending,
      answerCache,
      gateway,
      decider,
      releaseModel: async (id) => {
        if (id.startsWith('local/')) await engine.release(id.slice('local/'.length));
      },
      blobs,
      guarded,
      embedder,
      knowledge,
      files: createFiles({ store, blobs }),
      storedFiles: createStoredFiles({ store }),
      responses,
      tools,
      toolSettings,
      mcpServers,
      agents,
      apps,
      prompts,
      agentRunner,
      answers,
      runs,
      chat,
      learning,
      webDir: builtPage,
      async announce(address) {
        ownPort = address.port;
        await lock.writeAddress({ ...address, pid: process.pid, version, startedAt }, access.machineToken);
      },
      async start() {
        await jobs.start();
        await jobs.schedule('retention', RETENTION_KIND, {}, HOUR_MS);
        await library.ensureFirstModel();
        await knowledge.start();
        await mcpServers.start();
        await agents.recover();
        others = watchOthers({
          store,
          log,
          async takeUp() {
            await store.write(markInterrupted(store));
            await chat.recover();
            await agents.recover();
          },
        });
      },
      async drain(timeoutMs) {
        await others?.stop();
        await runs.close(timeoutMs);
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

// What the API needs of the program: a port of contracts that `App` (src/app.ts) satisfies, and that a test fills in parts.
import type { HttpBindings } from '@hono/node-server';
import type { Access } from '../access/create-access.ts';
import type { Spending } from '../access/spending/create-spending.ts';
import type { Agents } from '../agent/agents.ts';
import type { RunLog } from '../agent/run-log.ts';
import type { Apps } from '../apps/apps.ts';
import type { ChatService } from '../apps/chat/chat-service.ts';
import type { Prompts } from '../apps/prompts/prompts.ts';
import type { AtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Jobs } from '../jobs/queue.ts';
import type { Learning } from '../learning/create-learning.ts';
import type { Log } from '../lib/log.ts';
import type { Decider } from '../models/decider.ts';
import type { Endpoints } from '../models/endpoints.ts';
import type { Gateway } from '../models/gateway.ts';
import type { ModelLibrary } from '../models/library.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import type { Files } from '../retrieval/files.ts';
import type { Knowledge } from '../retrieval/knowledge.ts';
import type { StoredFiles } from '../retrieval/stored-files.ts';
import type { SettingsService } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import type { StoredResponses } from '../store/stored-responses.ts';
import type { UserSettings } from '../store/user-settings.ts';
import type { Tools } from '../tools/create-tools.ts';
import type { McpServers } from '../tools/mcp-servers.ts';
import type { ToolSettings } from '../tools/tool-settings.ts';
import type { Connection } from './middleware/connection.ts';
import type { ReachConfig } from './reach.ts';

export interface ApiServices {
  config: ReachConfig;
  version: string;
  startedAt: number;
  log: Log;
  store: Pick<Store, 'kind'>;
  access: Access;
  spending: Spending;
  settings: SettingsService;
  userSettings: UserSettings;
  jobs: Pick<Jobs, 'list' | 'get' | 'pause' | 'resume' | 'cancel' | 'onChange'>;
  ledger: Ledger;
  endpoints: Endpoints;
  library: ModelLibrary;
  registry: ModelRegistry;
  gateway: Gateway;
  decider: Decider;
  /** Lets a model (by its id) leave memory unless somebody waits for it. Absent: nothing here is held in memory. */
  releaseModel?(id: string): Promise<void>;
  knowledge: Knowledge;
  files: Files;
  storedFiles: StoredFiles;
  responses: StoredResponses;
  apps: Apps;
  prompts: Prompts;
  agents: Agents;
  tools: Pick<Tools, 'registry' | 'workspaces'>;
  toolSettings: ToolSettings;
  mcpServers: McpServers;
  runs: Pick<RunLog, 'get' | 'watch' | 'cancel'>;
  chat: ChatService;
  learning: Learning;
  webDir: string;
}

/** What middleware leaves for the routes. `Bindings` are absent when a request came without a socket. */
export interface ApiEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    connection: Connection;
    /** Unset on public routes when nobody is known. */
    identity: Identity;
    /** Of a caller who is signed in by one. */
    sessionId?: string;
    /** Why a caller is nobody. */
    refusal?: AtelierError;
  };
}

// Everything that tools need, in one place: the built-in ones, the user's folder, MCP servers, and the folders of runs.
import { join } from 'node:path';
import type { ToolDefinition } from '../contracts/tool.ts';
import { createGuardedFetch, type GuardedFetch, type GuardedFetchOptions } from '../lib/guarded-fetch.ts';
import type { Log } from '../lib/log.ts';
import { calculatorTool } from './builtin/calculator.ts';
import { createCurrentTimeTool } from './builtin/current-time.ts';
import { fileTools } from './builtin/files.ts';
import { createRunJavascriptTool } from './builtin/run-javascript.ts';
import { createWebFetchTool } from './builtin/web-fetch.ts';
import { createMcpSource, type McpSource } from './mcp/create-mcp-source.ts';
import { createSandbox, type Sandbox } from './sandbox/create-sandbox.ts';
import { createToolRegistry, type ToolRegistry } from './tool-registry.ts';
import { createUserTools, type UserTools } from './user/create-user-tools.ts';
import { createWorkspaces, type Workspaces } from './workspace/create-workspaces.ts';

export interface ToolsOptions {
  dataDir: string;
  version: string;
  log: Log;
  /** What the person has switched off. */
  isEnabled?: (name: string) => boolean;
  /** For tools, crawling and webhooks; MCP servers get a guard of their own. Default: one that is closed with the tools. */
  guarded?: GuardedFetch;
  guard?: GuardedFetchOptions;
}

export interface Tools {
  registry: ToolRegistry;
  workspaces: Workspaces;
  sandbox: Sandbox;
  guarded: GuardedFetch;
  mcp: McpSource;
  user: UserTools;
  close(): Promise<void>;
}

/** Loads the user's folder; MCP servers wait for `mcp.setServers`. */
export async function createTools({
  dataDir,
  version,
  log,
  isEnabled,
  guarded: shared,
  guard = {},
}: ToolsOptions): Promise<Tools> {
  const guarded = shared ?? createGuardedFetch(guard);
  const sandbox = createSandbox();
  const builtin: readonly ToolDefinition[] = [
    calculatorTool,
    createCurrentTimeTool(),
    createWebFetchTool(guarded),
    createRunJavascriptTool(sandbox),
    ...fileTools,
  ];
  const registry = createToolRegistry({ log, builtin, ...(isEnabled === undefined ? {} : { isEnabled }) });
  const user = await createUserTools({ folder: join(dataDir, 'tools'), log });
  const mcp = createMcpSource({ version, log, defaultCwd: dataDir, guard });
  registry.add(user);
  registry.add(mcp);
  return {
    registry,
    workspaces: createWorkspaces({ root: join(dataDir, 'runs') }),
    sandbox,
    guarded,
    mcp,
    user,
    async close() {
      await Promise.all([user.close(), mcp.close(), shared === undefined ? guarded.close() : undefined]);
    },
  };
}

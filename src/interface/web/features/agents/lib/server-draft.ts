// An MCP server as a form holds it. Values of secrets are never sent to the page: an empty one keeps what is stored.
import { type McpServer, mcpServerSchema } from '../../../../../contracts/mcp.ts';

export interface Pair {
  name: string;
  value: string;
  /** A value is stored on the server. */
  stored: boolean;
}

export interface ServerDraft {
  id: string;
  title: string;
  kind: 'stdio' | 'http';
  command: string;
  /** One a line. */
  args: string;
  cwd: string;
  env: Pair[];
  url: string;
  headers: Pair[];
  allowLocal: boolean;
  enabled: boolean;
  era: McpServer['era'];
  approval: string;
  seconds: string;
}

export const emptyServer: ServerDraft = {
  id: '',
  title: '',
  kind: 'stdio',
  command: '',
  args: '',
  cwd: '',
  env: [],
  url: '',
  headers: [],
  allowLocal: false,
  enabled: true,
  era: 'auto',
  approval: 'always',
  seconds: '120',
};

const pairs = (record: Record<string, string>): Pair[] =>
  Object.entries(record).map(([name, value]) => ({ name, value, stored: true }));

export function draftOfServer({ transport, ...server }: McpServer): ServerDraft {
  return {
    ...emptyServer,
    id: server.id,
    title: server.title,
    enabled: server.enabled,
    era: server.era,
    approval: server.approval,
    seconds: String(server.timeoutMs / 1000),
    kind: transport.kind,
    ...(transport.kind === 'stdio'
      ? {
          command: transport.command,
          args: transport.args.join('\n'),
          cwd: transport.cwd ?? '',
          env: pairs(transport.env),
        }
      : { url: transport.url, headers: pairs(transport.headers), allowLocal: transport.allowLocal }),
  };
}

const record = (list: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(
    list.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
  );

export type ServerFault = 'id' | 'title' | 'command' | 'url' | 'seconds';

/** The server, or which fields are wrong. */
export function serverOf(
  draft: ServerDraft,
): { ok: true; server: McpServer } | { ok: false; faults: ServerFault[] } {
  const seconds = Number(draft.seconds.replace(',', '.'));
  const faults: ServerFault[] = [];
  if (draft.title.trim() === '') faults.push('title');
  if (!mcpServerSchema.shape.id.safeParse(draft.id).success) faults.push('id');
  if (draft.kind === 'stdio' && draft.command.trim() === '') faults.push('command');
  if (draft.kind === 'http' && !/^https?:\/\/[^\s/]+/.test(draft.url.trim())) faults.push('url');
  if (!(seconds > 0)) faults.push('seconds');
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    server: {
      id: draft.id,
      title: draft.title.trim(),
      enabled: draft.enabled,
      era: draft.era,
      approval: draft.approval,
      timeoutMs: Math.round(seconds * 1000),
      transport:
        draft.kind === 'stdio'
          ? {
              kind: 'stdio',
              command: draft.command.trim(),
              args: draft.args.split('\n').filter((line) => line !== ''),
              env: record(draft.env),
              cwd: draft.cwd.trim() === '' ? null : draft.cwd.trim(),
            }
          : {
              kind: 'http',
              url: draft.url.trim(),
              headers: record(draft.headers),
              allowLocal: draft.allowLocal,
            },
    },
  };
}

// The keys of everything the page reads from the server. A key starts with its topic, which events invalidate.
import type { TraceFilter } from '../../../contracts/span.ts';

export const queryKeys = {
  health: ['health'],
  settings: ['settings'],
  /** Theme and language of whoever is here. */
  ownSettings: ['settings', 'own'],
  models: ['models'],
  catalogue: ['catalogue'],
  discovery: ['discovery'],
  providers: ['providers'],
  tasks: ['tasks'],
  /** Every list of conversations, whatever its search. */
  conversations: ['conversations'],
  conversationList: (query: string) => ['conversations', query],
  conversation: (id: string) => ['conversation', id],
  traces: ['traces'],
  traceList: (filter: Partial<TraceFilter>) => ['traces', filter],
  trace: (id: string) => ['trace', id],
  /** Everything of collections and documents starts with it. */
  knowledge: ['knowledge'],
  collections: ['knowledge', 'collections'],
  documents: (collectionId: string) => ['knowledge', 'documents', collectionId],
  documentList: (collectionId: string, filter: { query: string; status: string | null }) => [
    'knowledge',
    'documents',
    collectionId,
    filter,
  ],
  document: (id: string) => ['knowledge', 'document', id],
  documentContent: (id: string) => ['knowledge', 'content', id],
  passages: (id: string) => ['knowledge', 'passages', id],
  agents: ['agents'],
  approvals: ['approvals'],
  /** Tools, their settings and the MCP servers. */
  tools: ['tools'],
  apps: ['apps'],
  /** The figures of the home drawing. */
  overview: ['overview'],
  /** Who is signed in. */
  session: ['session'],
  /** Where one is signed in. */
  sessions: ['sessions'],
  /** Figures of the ledger; older than its traces by nothing, so the same events make them stale. */
  usage: ['usage'],
  users: ['users'],
  keys: ['keys'],
  budgets: ['budgets'],
  limits: ['limits'],
  audit: ['audit'],
  providerKinds: ['provider-kinds'],
} as const;

// Who may use which route: one row a route, by role. Whose things a caller sees is the business of the queries. A route
// without a row is refused, and access.test.ts names it, so that a new route cannot be forgotten.
//
// admin: everything. builder: agents, prompts, collections, models. member: chats, runs apps, has things of their own.
// auditor: reads everybody's ledger, figures and the record of changes, and changes nothing.
import type { Role } from '../contracts/identity.ts';
import { pageAddresses } from './web-page.ts';

export type Rule = 'public' | readonly Role[];

const all: Rule = ['admin', 'builder', 'member', 'auditor'];
const users: Rule = ['admin', 'builder', 'member'];
const builders: Rule = ['admin', 'builder'];
const readers: Rule = ['admin', 'auditor'];
const admins: Rule = ['admin'];

/** Paths as they are written in the routes, with Hono's `:name`. */
const own: Record<string, Rule> = {
  'GET /health': 'public',
  'GET /openapi.json': 'public',
  'GET /docs': 'public',
  'GET /docs/start.js': 'public',
  'GET /docs/swagger-ui-bundle.js': 'public',
  'GET /docs/swagger-ui.css': 'public',
  'GET /docs/favicon-32x32.png': 'public',

  'GET /atelier/v1/session': 'public',
  'POST /atelier/v1/session': 'public',
  'DELETE /atelier/v1/session': 'public',
  // Refused by itself once accounts are on.
  'POST /atelier/v1/accounts': 'public',
  'POST /atelier/v1/accounts/off': admins,
  'GET /atelier/v1/sessions': all,
  'DELETE /atelier/v1/sessions/:id': all,
  'PUT /atelier/v1/password': all,
  'GET /atelier/v1/users': readers,
  'POST /atelier/v1/users': admins,
  'PATCH /atelier/v1/users/:id': admins,
  'DELETE /atelier/v1/users/:id': admins,
  'GET /atelier/v1/keys': all,
  'POST /atelier/v1/keys': users,
  'DELETE /atelier/v1/keys/:id': users,
  'GET /atelier/v1/audit': readers,

  'GET /atelier/v1/overview': all,
  'GET /atelier/v1/events': all,
  'GET /atelier/v1/settings': all,
  'PATCH /atelier/v1/settings': admins,
  // Theme and language are everybody's own.
  'GET /atelier/v1/me/settings': all,
  'PATCH /atelier/v1/me/settings': all,
  'GET /atelier/v1/tasks': all,
  'GET /atelier/v1/tasks/:id': all,
  'POST /atelier/v1/tasks/:id/:action': users,

  'GET /atelier/v1/conversations': all,
  'POST /atelier/v1/conversations': users,
  'GET /atelier/v1/conversations/:id': all,
  'PATCH /atelier/v1/conversations/:id': users,
  'DELETE /atelier/v1/conversations/:id': users,
  'POST /atelier/v1/conversations/:id/restore': users,
  'GET /atelier/v1/conversations/:id/export': all,
  'POST /atelier/v1/conversations/:id/messages': users,
  'POST /atelier/v1/messages/:id/regenerate': users,
  'PUT /atelier/v1/messages/:id/rating': users,
  'POST /atelier/v1/count': users,
  'GET /atelier/v1/runs/:id': all,
  'GET /atelier/v1/runs/:id/events': all,
  'POST /atelier/v1/runs/:id/cancel': users,
  'PUT /atelier/v1/runs/:id/plan': users,
  'GET /atelier/v1/runs/:id/files': all,
  'GET /atelier/v1/runs/:id/files/:path{.+}': all,
  'GET /atelier/v1/approvals': all,
  'POST /atelier/v1/approvals/:id': users,

  'GET /atelier/v1/collections': all,
  'POST /atelier/v1/collections': users,
  'GET /atelier/v1/collections/:id': all,
  'PATCH /atelier/v1/collections/:id': users,
  'DELETE /atelier/v1/collections/:id': users,
  'POST /atelier/v1/collections/:id/restore': users,
  'GET /atelier/v1/collections/:id/documents': all,
  'POST /atelier/v1/collections/:id/documents': users,
  // It reads any folder of the server's disk.
  'POST /atelier/v1/collections/:id/folder': admins,
  'POST /atelier/v1/collections/:id/url': users,
  'GET /atelier/v1/documents': all,
  'GET /atelier/v1/documents/:id': all,
  'PATCH /atelier/v1/documents/:id': users,
  'DELETE /atelier/v1/documents/:id': users,
  'POST /atelier/v1/documents/:id/retry': users,
  'GET /atelier/v1/documents/:id/original': all,
  'GET /atelier/v1/documents/:id/content': all,
  'GET /atelier/v1/documents/:id/passages': all,
  'POST /atelier/v1/search': users,
  // Over everybody's documents.
  'POST /atelier/v1/knowledge/check': admins,

  'GET /atelier/v1/agents': all,
  'POST /atelier/v1/agents': builders,
  'GET /atelier/v1/agents/:id': all,
  'PATCH /atelier/v1/agents/:id': builders,
  'DELETE /atelier/v1/agents/:id': builders,
  'GET /atelier/v1/agents/:id/runs': all,
  'POST /atelier/v1/agents/:id/runs': users,
  'GET /atelier/v1/agent-runs': all,
  'GET /atelier/v1/tools': all,
  // For everybody; and an MCP server is a program that runs on this machine.
  'PUT /atelier/v1/tools/:name': admins,
  'GET /atelier/v1/mcp-servers': builders,
  'PUT /atelier/v1/mcp-servers/:id': admins,
  'DELETE /atelier/v1/mcp-servers/:id': admins,
  'POST /atelier/v1/mcp-servers/:id/retry': admins,

  'GET /atelier/v1/apps': all,
  'GET /atelier/v1/apps/:name': all,
  'POST /atelier/v1/apps/:name/invoke': users,
  'POST /atelier/v1/apps/:name/stream': users,
  'POST /atelier/v1/apps/:name/batches': users,
  'GET /atelier/v1/apps/:name/batches': all,
  'GET /atelier/v1/batches/:id': all,
  'GET /atelier/v1/batches/:id/csv': all,
  'POST /atelier/v1/decide': users,
  'GET /atelier/v1/classifiers': builders,
  'POST /atelier/v1/classifiers': builders,
  'GET /atelier/v1/classifiers/:name': builders,
  'DELETE /atelier/v1/classifiers/:name': builders,
  // What a decision is, for several texts at once.
  'POST /atelier/v1/classifiers/:name/classify': users,
  'GET /atelier/v1/prompts': all,
  'POST /atelier/v1/prompts': builders,
  'GET /atelier/v1/prompts/:name': all,
  'PATCH /atelier/v1/prompts/:name': builders,
  'DELETE /atelier/v1/prompts/:name': builders,
  'POST /atelier/v1/prompts/:name/restore': builders,
  'POST /atelier/v1/prompts/:name/versions': builders,
  'GET /atelier/v1/prompts/:name/versions': all,
  'GET /atelier/v1/prompts/:name/versions/:version': all,
  'PUT /atelier/v1/prompts/:name/labels/:label': builders,
  'DELETE /atelier/v1/prompts/:name/labels/:label': builders,
  'POST /atelier/v1/prompts/:name/render': users,
  'POST /atelier/v1/prompts/:name/run': users,
  'POST /atelier/v1/playground/answer': users,
  'POST /atelier/v1/playground/next-tokens': users,

  'GET /atelier/v1/detectors': builders,
  'GET /atelier/v1/training/bases': builders,
  'DELETE /atelier/v1/training/bases': builders,
  'POST /atelier/v1/training/estimate': builders,
  'GET /atelier/v1/training': builders,
  'POST /atelier/v1/training': builders,
  'GET /atelier/v1/training/:id': builders,
  'DELETE /atelier/v1/training/:id': builders,
  'GET /atelier/v1/training/:id/history': builders,
  'GET /atelier/v1/training/:id/events': builders,
  'POST /atelier/v1/training/:id/:action': builders,
  'GET /atelier/v1/tuned-models': builders,
  'GET /atelier/v1/tuned-models/:id': builders,
  'DELETE /atelier/v1/tuned-models/:id': builders,
  'POST /atelier/v1/tuned-models/:id/files': builders,
  'GET /atelier/v1/evaluations': builders,
  'POST /atelier/v1/evaluations': builders,
  'GET /atelier/v1/evaluations/:id': builders,
  'DELETE /atelier/v1/evaluations/:id': builders,
  'GET /atelier/v1/evaluations/:id/results': builders,
  'GET /atelier/v1/evaluations/:id/export': builders,
  'POST /atelier/v1/evaluations/:id/:action': builders,
  'GET /atelier/v1/promotions': builders,
  // An alias is everybody's, as under PUT /aliases; whoever builds may ask the gate.
  'POST /atelier/v1/promotions': admins,
  'POST /atelier/v1/promotions/check': builders,
  'POST /atelier/v1/promotions/:id/share': admins,
  'POST /atelier/v1/promotions/:id/roll-back': admins,
  'GET /atelier/v1/datasets': builders,
  'POST /atelier/v1/datasets': builders,
  'GET /atelier/v1/datasets/:id': builders,
  'PATCH /atelier/v1/datasets/:id': builders,
  'DELETE /atelier/v1/datasets/:id': builders,
  'POST /atelier/v1/datasets/:id/restore': builders,
  'GET /atelier/v1/datasets/:id/examples': builders,
  'POST /atelier/v1/datasets/:id/examples': builders,
  'PATCH /atelier/v1/datasets/:id/examples': builders,
  'PUT /atelier/v1/datasets/:id/examples/:exampleId': builders,
  'DELETE /atelier/v1/datasets/:id/examples/:exampleId': builders,
  'POST /atelier/v1/datasets/:id/redact': builders,
  'GET /atelier/v1/datasets/:id/names': builders,
  'POST /atelier/v1/datasets/:id/find-names': builders,
  'POST /atelier/v1/datasets/:id/import': builders,
  'POST /atelier/v1/datasets/:id/collect': builders,
  'POST /atelier/v1/datasets/:id/versions': builders,
  'GET /atelier/v1/datasets/:id/export': builders,

  'GET /atelier/v1/models': all,
  'DELETE /atelier/v1/models/:id{.+}': builders,
  'GET /atelier/v1/catalogue': all,
  'POST /atelier/v1/models/pull': builders,
  'GET /atelier/v1/discovery': builders,
  'PUT /atelier/v1/aliases/:alias': admins,
  'DELETE /atelier/v1/aliases/:alias': admins,
  'PUT /atelier/v1/prices': admins,
  'GET /atelier/v1/providers': builders,
  'GET /atelier/v1/providers/kinds': builders,
  'POST /atelier/v1/providers': admins,
  'POST /atelier/v1/providers/test': admins,
  'PATCH /atelier/v1/providers/:id': admins,
  'DELETE /atelier/v1/providers/:id': admins,
  'POST /atelier/v1/providers/:id/test': admins,

  'GET /atelier/v1/traces': all,
  'GET /atelier/v1/traces/export': all,
  'GET /atelier/v1/traces/:traceId': all,
  'GET /atelier/v1/ratings/export': all,
  'GET /atelier/v1/usage': all,
  'GET /atelier/v1/usage.csv': all,
  'GET /atelier/v1/budgets': all,
  'POST /atelier/v1/budgets': admins,
  'PATCH /atelier/v1/budgets/:id': admins,
  'DELETE /atelier/v1/budgets/:id': admins,
  'GET /atelier/v1/limits': all,
  'PUT /atelier/v1/limits': admins,
  'DELETE /atelier/v1/limits/:kind/:id': admins,
};

const wires: Record<string, Rule> = {
  'POST /v1/chat/completions': users,
  'POST /v1/completions': users,
  'POST /v1/embeddings': users,
  'GET /v1/models': all,
  'GET /v1/models/:id{.+}': all,
  'POST /v1/files': users,
  'GET /v1/files': all,
  'GET /v1/files/:id': all,
  'GET /v1/files/:id/content': all,
  'DELETE /v1/files/:id': users,
  'POST /v1/fine_tuning/jobs': builders,
  'GET /v1/fine_tuning/jobs': builders,
  'GET /v1/fine_tuning/jobs/:id': builders,
  'GET /v1/fine_tuning/jobs/:id/events': builders,
  'GET /v1/fine_tuning/jobs/:id/checkpoints': builders,
  'POST /v1/fine_tuning/jobs/:id/cancel': builders,
  'POST /v1/fine_tuning/jobs/:id/pause': builders,
  'POST /v1/fine_tuning/jobs/:id/resume': builders,
  'POST /v1/vector_stores': users,
  'GET /v1/vector_stores': all,
  'GET /v1/vector_stores/:storeId': all,
  'POST /v1/vector_stores/:storeId': users,
  'DELETE /v1/vector_stores/:storeId': users,
  'POST /v1/vector_stores/:storeId/search': users,
  'POST /v1/vector_stores/:storeId/files': users,
  'GET /v1/vector_stores/:storeId/files': all,
  'GET /v1/vector_stores/:storeId/files/:fileId': all,
  'POST /v1/vector_stores/:storeId/files/:fileId': users,
  'DELETE /v1/vector_stores/:storeId/files/:fileId': users,
  'GET /v1/vector_stores/:storeId/files/:fileId/content': all,
  'POST /v1/vector_stores/:storeId/file_batches': users,
  'GET /v1/vector_stores/:storeId/file_batches/:batchId': all,
  'POST /v1/vector_stores/:storeId/file_batches/:batchId/cancel': users,
  'GET /v1/vector_stores/:storeId/file_batches/:batchId/files': all,
  'POST /v1/responses': users,
  'POST /v1/responses/input_tokens': users,
  'GET /v1/responses/:id': all,
  'DELETE /v1/responses/:id': users,
  'POST /v1/responses/:id/cancel': users,
  'GET /v1/responses/:id/input_items': all,
  'POST /v1/messages': users,
  'POST /v1/messages/count_tokens': users,
  'POST /api/chat': users,
  'POST /api/generate': users,
  'POST /api/embed': users,
  'POST /api/embeddings': users,
  'POST /api/show': users,
  'GET /api/tags': all,
  'GET /api/ps': all,
  'GET /api/version': 'public',
  'POST /api/pull': builders,
  // Refused in words, whoever asks.
  'POST /api/create': users,
  'POST /api/copy': users,
  'DELETE /api/delete': users,
  'POST /api/push': users,
};

/** LangServe's, each of which there is also with a configuration in its path. */
const served: Record<string, Rule> = {
  'POST invoke': users,
  'POST batch': users,
  'POST stream': users,
  'POST stream_log': users,
  'POST stream_events': users,
  'GET input_schema': all,
  'GET output_schema': all,
  'GET config_schema': all,
  'GET playground': all,
  'GET playground/': all,
  'GET playground/playground.js': all,
  'GET feedback': all,
  'POST feedback': users,
};

const rules = new Map<string, Rule>([
  ...Object.entries(own),
  ...Object.entries(wires),
  ...Object.entries(served).flatMap(([route, rule]): [string, Rule][] => {
    const [method, call] = route.split(' ');
    const base = '/serve/:kind{apps|agents}/:name';
    return [
      [`${method} ${base}/${call}`, rule],
      [`${method} ${base}/c/:hash/${call}`, rule],
    ];
  }),
  // The page holds nothing of anybody's: what it shows it asks for.
  ...[...pageAddresses, '/*'].map((path): [string, Rule] => [`GET ${path}`, 'public']),
]);

/** A row's rule, null when a route has none, or `middleware` for what only stands before routes. */
export function ruleOf(method: string, path: string): Rule | 'middleware' | null {
  if (method === 'ALL' && path.endsWith('*')) return 'middleware';
  return rules.get(`${method === 'HEAD' ? 'GET' : method} ${path}`) ?? null;
}

const fullKeyOnly =
  /^\/(atelier\/v1\/(accounts|audit|budgets|datasets|evaluations|keys|limits|password|prices|promotions|providers|sessions|training|tuned-models|users)|v1\/fine_tuning)(\/|$)/;
/** Not the asking of one, which is a model's. */
const classifiersThemselves = /^\/atelier\/v1\/classifiers(\/[^/]+)?$/;

/** Whether a key that is limited to some models or apps is refused here, whatever its person may do. */
export const isFullKeyOnly = (path: string): boolean =>
  fullKeyOnly.test(path) || classifiersThemselves.test(path);

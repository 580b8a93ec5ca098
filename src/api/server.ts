// The HTTP server as a function from request to answer: middleware in order, then one line a resource.
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { LimitState } from '../contracts/access.ts';
import { AtelierError } from '../contracts/errors.ts';
import { allowedMethods } from './allowed-methods.ts';
import { toldTo } from './askable-models.ts';
import { anthropicErrorBody } from './dialects/anthropic/errors.ts';
import { limitHeaders as anthropicLimits } from './dialects/anthropic/headers.ts';
import { isAnthropic } from './dialects/anthropic/is-anthropic.ts';
import { anthropicRoutes } from './dialects/anthropic/routes.ts';
import { langServeErrorBody, langServeStatus } from './dialects/langserve/errors.ts';
import { langServeRoutes } from './dialects/langserve/routes.ts';
import { ollamaErrorBody } from './dialects/ollama/errors.ts';
import { ollamaRoutes } from './dialects/ollama/routes.ts';
import { chatCompletionRoutes } from './dialects/openai/chat-completions.ts';
import { completionRoutes } from './dialects/openai/completions.ts';
import { openAiEmbeddingRoutes } from './dialects/openai/embeddings.ts';
import { openAiErrorBody, openAiStatus } from './dialects/openai/errors.ts';
import { openAiFileRoutes } from './dialects/openai/files.ts';
import { fineTuningRoutes } from './dialects/openai/fine-tuning.ts';
import { limitHeaders as openAiLimits } from './dialects/openai/headers.ts';
import { openAiModelRoutes } from './dialects/openai/models.ts';
import { responseRoutes } from './dialects/openai/responses.ts';
import { vectorStoreFileRoutes } from './dialects/openai/vector-store-files.ts';
import { vectorStoreRoutes } from './dialects/openai/vector-stores.ts';
import { errorHeaders, errorOf, ownErrorBody, statusOf } from './errors.ts';
import { accessLog } from './middleware/access-log.ts';
import { authorise } from './middleware/authorise.ts';
import { connection } from './middleware/connection.ts';
import { hostCheck } from './middleware/host-check.ts';
import { identifyCaller } from './middleware/identify-caller.ts';
import { originCheck } from './middleware/origin-check.ts';
import { readBody } from './middleware/read-body.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { reachOf } from './reach.ts';
import { createRouter } from './route-parts.ts';
import { agentRoutes } from './routes/agents.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { appRoutes } from './routes/apps.ts';
import { auditRoutes } from './routes/audit.ts';
import { budgetRoutes } from './routes/budgets.ts';
import { classifierRoutes } from './routes/classifiers.ts';
import { collectionRoutes } from './routes/collections.ts';
import { conversationRoutes } from './routes/conversations.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { decideRoutes } from './routes/decide.ts';
import { docsRoutes } from './routes/docs.ts';
import { documentRoutes } from './routes/documents.ts';
import { evaluationRoutes } from './routes/evaluations.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { keyRoutes } from './routes/keys.ts';
import { mcpServerRoutes } from './routes/mcp-servers.ts';
import { messageRoutes } from './routes/messages.ts';
import { modelRoutes } from './routes/models.ts';
import { overviewRoutes } from './routes/overview.ts';
import { playgroundRoutes } from './routes/playground.ts';
import { promotionRoutes } from './routes/promotions.ts';
import { promptRoutes } from './routes/prompts.ts';
import { providerRoutes } from './routes/providers.ts';
import { runRoutes } from './routes/runs.ts';
import { searchRoutes } from './routes/search.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { taskRoutes } from './routes/tasks.ts';
import { toolRoutes } from './routes/tools.ts';
import { traceRoutes } from './routes/traces.ts';
import { trainingRoutes } from './routes/training.ts';
import { tunedModelRoutes } from './routes/tuned-models.ts';
import { usageRoutes } from './routes/usage.ts';
import { userRoutes } from './routes/users.ts';
import type { ApiEnv, ApiServices } from './services.ts';
import { webPage } from './web-page.ts';

export interface ServerOptions {
  /** Ends the event streams when the server stops. */
  shutdown?: AbortSignal;
}

interface ErrorShape {
  body: (error: AtelierError, requestId: string) => unknown;
  statusOf?: (error: AtelierError) => number;
  /** Of the limits that a refused call met. */
  limits?: (limits: LimitState | undefined) => Record<string, string>;
}

const anthropicShape: ErrorShape = { body: anthropicErrorBody, limits: (limits) => anthropicLimits(limits) };
const openAiShape: ErrorShape = { body: openAiErrorBody, statusOf: openAiStatus, limits: openAiLimits };

/** Each foreign wire words errors in its own way. Two of them share /v1 and are told apart by what their clients send. */
function errorShapeOf(c: Context<ApiEnv>): ErrorShape {
  const under = (prefix: string) => c.req.path === prefix || c.req.path.startsWith(`${prefix}/`);
  if (under('/v1')) return isAnthropic(c) ? anthropicShape : openAiShape;
  if (under('/api')) return { body: ollamaErrorBody };
  if (under('/serve')) return { body: langServeErrorBody, statusOf: langServeStatus };
  return { body: ownErrorBody };
}

export function createServer(
  services: ApiServices,
  { shutdown = new AbortController().signal }: ServerOptions = {},
): OpenAPIHono<ApiEnv> {
  const { log, config, version, webDir, access } = services;
  const reach = reachOf(config);
  const app = createRouter();

  app.use(requestId, accessLog(log), securityHeaders);
  app.use(connection(reach, config.port), hostCheck(reach), originCheck(reach));
  app.use(identifyCaller(access), authorise(log), readBody());

  app.route('/', healthRoutes(services));
  app.route('/', sessionRoutes(services));
  app.route('/', userRoutes(services));
  app.route('/', keyRoutes(services));
  app.route('/', auditRoutes(services));
  app.route('/', budgetRoutes(services));
  app.route('/', overviewRoutes(services));
  app.route('/', conversationRoutes(services));
  app.route('/', messageRoutes(services));
  app.route('/', runRoutes(services, shutdown));
  app.route('/', collectionRoutes(services));
  app.route('/', documentRoutes(services));
  app.route('/', searchRoutes(services));
  app.route('/', agentRoutes(services));
  app.route('/', approvalRoutes(services));
  app.route('/', toolRoutes(services));
  app.route('/', mcpServerRoutes(services));
  app.route('/', appRoutes(services, shutdown));
  app.route('/', decideRoutes(services));
  app.route('/', classifierRoutes(services));
  app.route('/', playgroundRoutes(services, shutdown));
  app.route('/', promptRoutes(services, shutdown));
  app.route('/', datasetRoutes(services));
  app.route('/', trainingRoutes(services, shutdown));
  app.route('/', tunedModelRoutes(services));
  app.route('/', evaluationRoutes(services));
  app.route('/', promotionRoutes(services));
  app.route('/', modelRoutes(services));
  app.route('/', providerRoutes(services));
  app.route('/', traceRoutes(services));
  app.route('/', usageRoutes(services));
  app.route('/', taskRoutes(services));
  app.route('/', settingsRoutes(services));
  app.route('/', eventRoutes(services, shutdown));
  // Before OpenAI's, whose /v1/models it shares: it answers what an Anthropic client asks, and lets the rest pass.
  app.route('/', anthropicRoutes(services));
  app.route('/', ollamaRoutes(services));
  app.route('/', chatCompletionRoutes(services));
  app.route('/', completionRoutes(services));
  app.route('/', responseRoutes(services, shutdown));
  app.route('/', openAiEmbeddingRoutes(services));
  app.route('/', openAiModelRoutes(services));
  app.route('/', openAiFileRoutes(services));
  app.route('/', fineTuningRoutes(services));
  app.route('/', vectorStoreRoutes(services));
  app.route('/', vectorStoreFileRoutes(services));
  app.route('/', langServeRoutes(services, shutdown));
  app.route('/', docsRoutes(app, version));
  const methods = allowedMethods(app.routes);
  app.route('/', webPage(webDir));

  const fail = (
    c: Context<ApiEnv>,
    error: AtelierError,
    status?: number,
    headers: Record<string, string> = {},
  ) => {
    const { body, statusOf: own = statusOf, limits } = errorShapeOf(c);
    return c.json(body(error, c.get('requestId')) as object, (status ?? own(error)) as ContentfulStatusCode, {
      ...errorHeaders(error),
      ...limits?.(error.data.limits as LimitState | undefined),
      ...headers,
    });
  };
  app.onError(async (thrown, c) => {
    const error = toldTo(c.get('identity'), await errorOf(thrown, c));
    if (error.code === 'internal') {
      const cause = error.cause instanceof Error ? error.cause : error;
      log.error('a defect', {
        id: c.get('requestId'),
        path: c.req.path,
        stack: cause.stack ?? cause.message,
      });
    } else if (statusOf(error) >= 500) {
      log.warn('a request failed', {
        id: c.get('requestId'),
        path: c.req.path,
        code: error.code,
        // An endpoint's own words may repeat what it was sent.
        message: 'upstream' in error.data ? undefined : error.message,
      });
    }
    return fail(c, error);
  });
  app.notFound((c) => {
    const { method, path } = c.req;
    const allow = methods(path);
    if (allow.length === 0)
      return fail(
        c,
        new AtelierError('not_found', `There is no ${method} ${path}. The addresses are listed at /docs.`, {
          data: { path },
        }),
      );
    const header = { allow: ['OPTIONS', ...allow].join(', ') };
    if (method === 'OPTIONS') return c.body(null, 204, header);
    return fail(
      c,
      new AtelierError('invalid_request', `${path} does not take ${method}; it takes ${allow.join(', ')}.`, {
        data: { allow },
      }),
      405,
      header,
    );
  });
  return app;
}

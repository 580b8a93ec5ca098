// GET /v1/models and /v1/models/{id} for Anthropic's clients; who is none of them is answered by OpenAI's routes.
import { z } from '@hono/zod-openapi';
import { AtelierError, isAtelierError } from '../../../contracts/errors.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import { askableModel, askableModels } from '../../askable-models.ts';
import { checked } from '../../read-json.ts';
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { isAnthropic } from './is-anthropic.ts';
import { isRecent } from './version.ts';

const query = z.object({
  before_id: z.string().optional(),
  after_id: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(20),
});

const supported = (value: boolean) => ({ supported: value });

/** What is said of a model is what its registry row knows; nothing here says yes for a feature that only Anthropic has. */
function toModel(info: ModelInfo, recent: boolean) {
  const no = supported(false);
  return {
    id: info.id,
    type: 'model' as const,
    display_name: info.displayName,
    created_at: new Date(info.createdAt).toISOString(),
    max_input_tokens: info.contextLength,
    max_tokens: info.contextLength,
    capabilities: {
      batch: no,
      citations: no,
      code_execution: no,
      context_management: {
        supported: false,
        clear_thinking_20251015: null,
        clear_tool_uses_20250919: null,
        compact_20260112: null,
      },
      effort: { supported: false, low: no, medium: no, high: no, xhigh: null, max: no },
      image_input: supported(info.input.includes('image')),
      pdf_input: no,
      structured_outputs: supported(info.kind === 'chat'),
      thinking: { supported: false, types: { adaptive: no, enabled: no } },
      ...(recent ? { server_tools: { supported: false, code_execution: no, web_search: no } } : {}),
    },
    ...(recent ? { lifecycle: 'active' as const, line: null, deprecated_at: null, retires_at: null } : {}),
  };
}

function placeOf(models: readonly ModelInfo[], id: string, field: string): number {
  const at = models.findIndex((model) => model.id === id);
  if (at >= 0) return at;
  throw new AtelierError(
    'invalid_request',
    `${field}: there is no model ${JSON.stringify(id)} in the list.`,
    {
      data: { param: field },
    },
  );
}

/** A page of the list; `before_id` gives the models just before it. */
function pageOf(models: readonly ModelInfo[], { before_id, after_id, limit }: z.infer<typeof query>) {
  if (before_id !== undefined) {
    const end = placeOf(models, before_id, 'before_id');
    return { page: models.slice(Math.max(0, end - limit), end), more: end > limit };
  }
  const from = after_id === undefined ? 0 : placeOf(models, after_id, 'after_id') + 1;
  return { page: models.slice(from, from + limit), more: models.length > from + limit };
}

export function anthropicModelRoutes({ registry }: Pick<ApiServices, 'registry'>) {
  const router = createRouter();
  router.get('/v1/models', async (c, next) => {
    if (!isAnthropic(c)) return next();
    const answering = (await askableModels(registry, c.get('identity'))).filter(
      ({ state, kind }) => state !== 'failed' && kind === 'chat',
    );
    const { page, more } = pageOf(answering, checked(query, c.req.query()));
    return c.json({
      data: page.map((info) => toModel(info, isRecent(c))),
      has_more: more,
      first_id: page[0]?.id ?? null,
      last_id: page.at(-1)?.id ?? null,
    });
  });
  router.get('/v1/models/:id{.+}', async (c, next) => {
    if (!isAnthropic(c)) return next();
    try {
      const info = await askableModel(registry, c.get('identity'), c.req.param('id'));
      return c.json(toModel(info, isRecent(c)));
    } catch (error) {
      // Asking whether a model is here has an answer, also while it is still being fetched.
      if (!isAtelierError(error) || error.code !== 'model_loading') throw error;
      throw new AtelierError('model_not_found', error.message, { data: error.data, cause: error });
    }
  });
  return router;
}

// GET /api/tags and /api/ps, POST /api/show, GET /api/version: what can answer, what is in memory, and what is known of it.
import type { ModelInfo } from '../../../contracts/model.ts';
import { readGgufHeader } from '../../../lib/gguf.ts';
import { ggufFacts } from '../../../lib/gguf-facts.ts';
import type { InstalledModel } from '../../../models/library.ts';
import { askableModel, askableModels } from '../../askable-models.ts';
import { checked, jsonOf } from '../../read-json.ts';
import { createRouter } from '../../route-parts.ts';
import type { ApiServices } from '../../services.ts';
import { findName } from './names.ts';
import { namedSchema } from './schema.ts';

type Services = Pick<ApiServices, 'registry' | 'library' | 'version' | 'settings'>;

/** 1234567890 weights are `1.2B`. */
function parameterSize(count: number | null): string {
  if (count === null) return '';
  const [size, unit] = count >= 1e9 ? [count / 1e9, 'B'] : [count / 1e6, 'M'];
  return `${size >= 100 ? Math.round(size) : Math.round(size * 10) / 10}${unit}`;
}

function detailsOf(info: ModelInfo, file: InstalledModel | undefined) {
  const family = file?.architecture ?? '';
  return {
    parent_model: '',
    format: file ? 'gguf' : '',
    family,
    families: family === '' ? [] : [family],
    parameter_size: parameterSize(info.parameters),
    quantization_level: info.quantization ?? '',
  };
}

function listed(info: ModelInfo, file: InstalledModel | undefined) {
  return {
    name: info.id,
    model: info.id,
    modified_at: new Date(info.createdAt).toISOString(),
    size: info.sizeBytes ?? 0,
    // Empty where nothing was hashed: a remote model, or a file that somebody else keeps.
    digest: file?.sha256 ?? '',
    details: detailsOf(info, file),
  };
}

/** The header of a local model's file; null when it cannot be read. */
async function headerOf(file: InstalledModel | undefined) {
  if (file === undefined) return null;
  return readGgufHeader(file.path).then(ggufFacts, () => null);
}

const thinks = /<think>|enable_thinking|reasoning_content/;

function capabilities(info: ModelInfo, template: string): string[] {
  if (info.kind === 'embedding') return ['embedding'];
  return [
    'completion',
    ...(info.tools ? ['tools'] : []),
    ...(info.input.includes('image') ? ['vision'] : []),
    ...(thinks.test(template) ? ['thinking'] : []),
  ];
}

export function ollamaModelRoutes({ registry, library, version, settings }: Services) {
  async function files(): Promise<Map<string, InstalledModel>> {
    return new Map((await library.installed()).map((file) => [`local/${file.id}`, file]));
  }
  const router = createRouter();
  router.get('/api/version', (c) => c.json({ version }));
  router.get('/api/tags', async (c) => {
    const [models, here] = await Promise.all([askableModels(registry, c.get('identity')), files()]);
    // A classifier answers the decision call alone, which this wire has not.
    const answering = models.filter(({ state, kind }) => state !== 'failed' && kind !== 'classifier');
    return c.json({ models: answering.map((info) => listed(info, here.get(info.id))) });
  });
  router.get('/api/ps', async (c) => {
    const [models, here] = await Promise.all([askableModels(registry, c.get('identity')), files()]);
    const minutes = settings.get().unloadAfterMinutes;
    // If nobody asks again from now on; without a limit it stays, which this wire says by a date far away.
    const expires =
      minutes === null ? '9999-12-31T23:59:59Z' : new Date(Date.now() + minutes * 60_000).toISOString();
    const loaded = models.filter(({ state }) => state === 'loaded');
    return c.json({
      models: loaded.map((info) => ({
        ...listed(info, here.get(info.id)),
        expires_at: expires,
        size_vram: 0,
        context_length: info.contextLength,
      })),
    });
  });
  router.post('/api/show', async (c) => {
    const { model } = checked(namedSchema, await jsonOf(c));
    const info = await askableModel(registry, c.get('identity'), await findName(registry, model));
    const file = (await files()).get(info.id);
    const facts = await headerOf(file);
    const template = facts?.chatTemplate ?? '';
    const architecture = facts?.architecture ?? null;
    return c.json({
      license: info.licence ?? facts?.licence ?? '',
      modelfile: '',
      parameters: '',
      template,
      system: '',
      details: detailsOf(info, file),
      model_info: {
        ...(architecture === null ? {} : { 'general.architecture': architecture }),
        ...(info.parameters === null ? {} : { 'general.parameter_count': info.parameters }),
        ...(info.contextLength === null
          ? {}
          : { [`${architecture ?? 'general'}.context_length`]: info.contextLength }),
        ...(facts?.embeddingLength
          ? { [`${facts.architecture}.embedding_length`]: facts.embeddingLength }
          : {}),
      },
      capabilities: capabilities(info, template),
      modified_at: new Date(info.createdAt).toISOString(),
    });
  });
  return router;
}

// Bedrock's models: those that are served on demand, and the profiles by which the others are called. The list lies at
// another host than the calls do. Signed requests are the adapter's alone, so an access key gets no list.
import { AtelierError } from '../../../contracts/errors.ts';
import { fetchJson, noListError } from '../remote/fetch-json.ts';
import {
  inputOf,
  isEmbeddingName,
  isRow,
  type ListedModel,
  type Row,
  textOf,
} from '../remote/listed-model.ts';
import { bearer, type ListConnection } from '../remote/provider-adapter.ts';
import { accessKeyOf } from './access-key.ts';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function readsAndWrites(row: Row): Pick<ListedModel, 'kind' | 'input'> | null {
  const outputs = listOf(row.outputModalities);
  const input = inputOf(row.inputModalities);
  if (outputs.includes('EMBEDDING')) return { kind: 'embedding' };
  if (outputs.length > 0 && !outputs.includes('TEXT')) return null;
  return { kind: 'chat', ...(input ? { input } : {}) };
}

export async function fetchList(connection: ListConnection): Promise<ListedModel[]> {
  const { http, apiKey, headers, facts, timeoutMs } = connection;
  if (accessKeyOf(apiKey)) {
    throw new AtelierError(
      'provider_rejected',
      'Bedrock gives its list of models only to an API key. Enter the names of the models, or an API key of Bedrock.',
      { data: { provider: facts.id, host: facts.host, noList: true } },
    );
  }
  const baseUrl = connection.baseUrl.replace('//bedrock-runtime.', '//bedrock.');
  const sent = { ...(apiKey ? bearer(apiKey) : {}), ...headers };
  const get = (path: string) =>
    fetchJson({ http, url: `${baseUrl}${path}`, headers: sent, facts, timeoutMs });
  const [models, profiles] = await Promise.all([
    get('/foundation-models'),
    get('/inference-profiles?maxResults=1000'),
  ]);
  if (!isRow(models) || !Array.isArray(models.modelSummaries)) throw noListError(facts);
  const known = new Map<string, Row>();
  for (const row of models.modelSummaries) if (isRow(row)) known.set(textOf(row.modelId) ?? '', row);
  const found: ListedModel[] = [];
  for (const [name, row] of known) {
    const what = readsAndWrites(row);
    if (name === '' || !what || !listOf(row.inferenceTypesSupported).includes('ON_DEMAND')) continue;
    found.push({ name, contextLength: null, ...shown(row.modelName), ...what });
  }
  for (const row of isRow(profiles) ? listOf(profiles.inferenceProfileSummaries) : []) {
    const name = isRow(row) ? textOf(row.inferenceProfileId) : null;
    if (!isRow(row) || name === null) continue;
    // eu.anthropic.claude-... is a profile of anthropic.claude-...
    const base = known.get(name.replace(/^[a-z-]+\./, ''));
    const what = base
      ? readsAndWrites(base)
      : ({ kind: isEmbeddingName(name) ? 'embedding' : 'chat' } as const);
    if (what) found.push({ name, contextLength: null, ...shown(row.inferenceProfileName), ...what });
  }
  return found;
}

function shown(value: unknown): Pick<ListedModel, 'displayName'> {
  const displayName = textOf(value);
  return displayName ? { displayName } : {};
}

// OpenAI's list names every model it has and nothing else about it; those that are not for text are left out by name.
import { fetchOpenaiList, readModelList } from '../openai-compatible/model-list.ts';
import { noListError } from '../remote/fetch-json.ts';
import { isEmbeddingName, type ListedModel } from '../remote/listed-model.ts';
import type { ListConnection } from '../remote/provider-adapter.ts';

const noText =
  /^(dall-e|tts-|whisper|sora|omni-moderation|text-moderation|gpt-image|chatgpt-image|gpt-audio|gpt-realtime|babbage|davinci)|-(realtime|audio|transcribe|tts|image)(-|$)/;

export async function fetchList(connection: ListConnection): Promise<ListedModel[]> {
  const models = readModelList(await fetchOpenaiList(connection));
  if (!models) throw noListError(connection.facts);
  return models
    .filter((model) => !noText.test(model.name))
    .map((model) => ({ ...model, kind: isEmbeddingName(model.name) ? 'embedding' : 'chat' }));
}

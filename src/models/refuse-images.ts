// A picture for a model that sees none is refused before the model is asked, with the name of one that does.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { AtelierError } from '../contracts/errors.ts';
import type { ModelInfo } from '../contracts/model.ts';
import type { ModelRegistry } from './registry.ts';

const NAMED = 3;
const isImage = (part: { type: string; mediaType?: string }) =>
  part.type === 'file' && part.mediaType?.startsWith('image') === true;

function holdsImages(prompt: LanguageModelV4Prompt): boolean {
  return prompt.some(({ content }) => {
    if (typeof content === 'string') return false;
    return content.some((part) =>
      part.type === 'tool-result'
        ? part.output.type === 'content' && part.output.value.some(isImage)
        : isImage(part),
    );
  });
}

/**
 * `candidates`: the models that may answer; one that sees is enough.
 * @throws AtelierError unsupported_content (data.exist: models that read images)
 */
export async function refuseImages(
  registry: Pick<ModelRegistry, 'list'>,
  candidates: readonly ModelInfo[],
  prompt: LanguageModelV4Prompt,
): Promise<void> {
  const [asked] = candidates;
  if (asked === undefined || candidates.some(({ input }) => input.includes('image'))) return;
  if (!holdsImages(prompt)) return;
  const seeing = (await registry.list())
    .filter(({ kind, state, input }) => kind === 'chat' && input.includes('image') && state !== 'failed')
    .filter(({ state }) => state !== 'unreachable')
    .map(({ id }) => id)
    .slice(0, NAMED);
  const instead =
    seeing.length === 0
      ? 'No model here reads images: remove the image, or add a provider whose models do under Models.'
      : `Remove the image, or ask a model that reads images: ${seeing.join(', ')}.`;
  throw new AtelierError('unsupported_content', `${asked.id} reads only text and no images. ${instead}`, {
    data: { model: asked.id, exist: seeing },
  });
}

// `model()` of 'atelier': a model of this server for code that a user writes. Its calls belong to the run that the code
// is part of, so they stand in its trace and are priced there.
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import { runScope } from '../../lib/run-scope.ts';

/**
 * May be called while the file loads; the run is looked for at each call of the model. Without an id: the model that the
 * run was given.
 * @throws AtelierError invalid_request, when the model is called outside a run
 * @example
 * export default new ToolLoopAgent({ model: model(), instructions: 'Answer in one sentence.' });
 */
export function model(id?: string): LanguageModelV4 {
  const inRun = (): LanguageModelV4 => {
    const scope = runScope.getStore();
    if (scope === undefined)
      throw new AtelierError(
        'invalid_request',
        'A model of atelier was called outside a run. Call it inside the app or tool, not while the file loads.',
        { data: { model: id ?? null } },
      );
    return scope.languageModel(id ?? null);
  };
  return {
    specificationVersion: 'v4',
    provider: 'atelier',
    modelId: id ?? 'default',
    supportedUrls: {},
    doGenerate: (options) => inRun().doGenerate(options),
    doStream: (options) => inRun().doStream(options),
  };
}

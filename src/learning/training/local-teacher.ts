// Whether a teacher's probabilities can be learned: it must be a model of this machine that reads the same tokens.
import type { ModelRegistry } from '../../models/registry.ts';
import type { BaseFacts, BaseModels } from './base-model.ts';
import type { TrainingEngine } from './engine-port.ts';

export interface TeacherPorts {
  registry: Pick<ModelRegistry, 'resolve'>;
  bases: Pick<BaseModels, 'describe'>;
  engine: Pick<TrainingEngine, 'openTokenizer'>;
}

/** The teacher's file; null: only its answers can be learned. */
export async function localTeacher(
  { registry, bases, engine }: TeacherPorts,
  teacher: string,
  base: Pick<BaseFacts, 'path'>,
): Promise<BaseFacts | null> {
  const { info } = await registry.resolve(teacher);
  if (info.provider !== 'local') return null;
  const facts = await bases.describe(info.id);
  const fingerprint = async (path: string) => {
    const tokenizer = await engine.openTokenizer(path);
    await tokenizer.close();
    return tokenizer.fingerprint;
  };
  return (await fingerprint(facts.path)) === (await fingerprint(base.path)) ? facts : null;
}

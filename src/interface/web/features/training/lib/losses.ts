// What the two losses of a training are of: only what is of one thing may stand on one scale.
import type { TrainingRun } from '../../../../../contracts/training.ts';

/**
 * `tokens`: both how unlikely the wanted answers are. `pairs`: both of better and worse answers. `two_things`: learning
 * is measured against a teacher's probabilities, validation by how unlikely its answers are.
 */
export type Losses = 'tokens' | 'pairs' | 'two_things';

export function lossesOf({ input, estimate }: Pick<TrainingRun, 'input' | 'estimate'>): Losses {
  if (input.method === 'dpo') return 'pairs';
  if (input.method === 'sft') return 'tokens';
  // A teacher that reads other tokens, or answers elsewhere, gives answers and no probabilities.
  return estimate.concerns.some(({ code }) => code === 'teacher_answers_only') ? 'tokens' : 'two_things';
}

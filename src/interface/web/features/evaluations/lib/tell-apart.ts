// Evaluations of one name in a list: the version that was asked and the day tell them apart, and the hour where these do not.
import type { Evaluation } from '../../../../../contracts/evaluation.ts';

type Named = Pick<Evaluation, 'id' | 'input' | 'datasetVersion' | 'createdAt'>;

/** Ids of those that another one of the same name, version and day stands beside. */
export function needHour(evaluations: readonly Named[], dayOf: (ms: number) => string): Set<string> {
  const groups = Map.groupBy(evaluations, ({ input, datasetVersion, createdAt }) =>
    JSON.stringify([input.name, datasetVersion, dayOf(createdAt)]),
  );
  return new Set(
    [...groups.values()].filter((group) => group.length > 1).flatMap((group) => group.map(({ id }) => id)),
  );
}

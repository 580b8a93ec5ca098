// Which runs of a log or a stream of events are wanted, by name, type and tag.
import type { LogRequest } from './read-request.ts';
import type { StepRun } from './steps.ts';

/** Without `include_*` everything is; what `exclude_*` names never is. */
export function wanted(request: LogRequest): (run: StepRun) => boolean {
  const { include_names, include_types, include_tags, exclude_names, exclude_types, exclude_tags } = request;
  const includesAll = !include_names && !include_types && !include_tags;
  const has = (list: string[] | null | undefined, values: readonly string[]) =>
    values.some((value) => list?.includes(value) ?? false);
  return ({ name, type, tags }) =>
    (includesAll || has(include_names, [name]) || has(include_types, [type]) || has(include_tags, tags)) &&
    !has(exclude_names, [name]) &&
    !has(exclude_types, [type]) &&
    !has(exclude_tags, tags);
}

// The passages that an answer rests on, under it.
import type { PartProps } from './part-view.ts';

export function SourcesFoot(_: PartProps<'sources'>) {
  return null;
}

// What was found in the documents, before the answer stands.
import type { PartProps } from './part-view.ts';

export function SourcesPart(_: PartProps<'sources'>) {
  return null;
}

// Where a model answers, as an icon beside words that say so.
import Cloud from 'lucide-react/icons/cloud';
import Laptop from 'lucide-react/icons/laptop';
import ListTree from 'lucide-react/icons/list-tree';
import type { Place } from '../../../../../contracts/model.ts';

const icons = { local: Laptop, remote: Cloud, scripted: ListTree } as const;

export function PlaceIcon({ place, className }: { place: Place; className?: string }) {
  const Icon = icons[place.kind];
  return <Icon aria-hidden="true" className={className ?? 'size-3.5 shrink-0'} />;
}

// Says where words go: this machine or a named host. Stands wherever a model is named.
import Cloud from 'lucide-react/icons/cloud';
import Laptop from 'lucide-react/icons/laptop';
import ListTree from 'lucide-react/icons/list-tree';
import { useTranslation } from 'react-i18next';
import type { Place } from '../../../contracts/model.ts';
import { cx } from './ui/cx.ts';
import { Tooltip } from './ui/tooltip.tsx';

const icons = { local: Laptop, remote: Cloud, scripted: ListTree } as const;

export function usePlaceText(): (place: Place) => string {
  const { t } = useTranslation('common');
  return (place) => t(`place.${place.kind}`, { host: place.host ?? '' });
}

export function PlaceSign({ place, className }: { place: Place; className?: string }) {
  const { t } = useTranslation('common');
  const Icon = icons[place.kind];
  return (
    <Tooltip text={t(`place.${place.kind}_hint`, { host: place.host ?? '' })}>
      <span
        className={cx(
          'inline-flex min-w-0 items-center gap-1 text-xs',
          place.kind === 'local' ? 'text-ready' : place.kind === 'remote' ? 'text-needs' : 'text-quiet',
          className,
        )}
      >
        <Icon aria-hidden="true" className="size-3.5 shrink-0" />
        <span className="truncate">{t(`place.${place.kind}`, { host: place.host ?? '' })}</span>
      </span>
    </Tooltip>
  );
}

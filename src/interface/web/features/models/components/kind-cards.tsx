// Which kind of provider: a card each, with one sentence.
import { useTranslation } from 'react-i18next';
import type { ProviderKind, ProviderKindInfo } from '../../../../../contracts/provider.ts';
import { useKindName } from '../lib/kind-name.ts';

export interface KindCardsProps {
  kinds: readonly ProviderKindInfo[];
  onPick: (kind: ProviderKind) => void;
}

export function KindCards({ kinds, onPick }: KindCardsProps) {
  const { t } = useTranslation('models');
  const kindName = useKindName();
  return (
    <ul aria-label={t('provider.kinds')} className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
      {kinds.map(({ kind }) => (
        <li key={kind} className="flex">
          <button
            type="button"
            onClick={() => onPick(kind)}
            className="flex grow flex-col items-start gap-0.5 rounded-md border border-control bg-raised px-3 py-2.5 text-left hover:bg-sunken"
          >
            <span className="font-semibold">{kindName(kind)}</span>
            <span className="text-xs text-quiet">{t(`provider.about.${kind}`)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

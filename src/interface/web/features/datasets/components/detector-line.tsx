// What the rules find and what they do not, said where somebody may rely on them.
import { useTranslation } from 'react-i18next';
import { useDetectors } from '../api/detectors.ts';
import { useTypeWord } from './found-text.tsx';

export function DetectorLine() {
  const { t } = useTranslation('datasets');
  const word = useTypeWord();
  const { data: detectors = [], isPending } = useDetectors();
  // What is not looked for, alone, would read as if nothing were.
  if (isPending) return <p />;
  const words = (finds: boolean) => [
    ...new Set(detectors.filter((one) => one.finds === finds).map(({ type }) => word(type))),
  ];
  const found = words(true);
  const missing = words(false);
  return (
    <p className="max-w-4xl">
      {found.length > 0 ? `${t('detect.does', { types: found.join(', ') })} ` : null}
      {t('detect.does_not', { types: [...missing, t('detect.never')].join(', ') })}
    </p>
  );
}

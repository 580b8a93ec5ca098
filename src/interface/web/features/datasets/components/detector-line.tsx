// What is found and what is not, said where somebody may rely on it: by rule, and names by a model that was asked to look.
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import { useFormat } from '../../../lib/format.ts';
import { useDetectors } from '../api/detectors.ts';
import { useNameSearch, useNamesEnd } from '../api/names.ts';
import { useTypeWord } from './found-text.tsx';

export function DetectorLine({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  const word = useTypeWord();
  const { data: detectors = [], isPending } = useDetectors();
  const names = useNameSearch(dataset.id, dataset.counts.total);
  useNamesEnd(dataset.id);
  // What is not looked for, alone, would read as if nothing were.
  if (isPending) return <p />;
  const words = (finds: boolean) => [
    ...new Set(detectors.filter((one) => one.finds === finds).map(({ type }) => word(type))),
  ];
  const found = words(true);
  const looked = (names.data?.models ?? []).filter(({ read }) => read > 0);
  const missing = words(false).filter((one) => looked.length === 0 || one !== word('person'));
  const total = names.data?.total ?? dataset.counts.total;
  return (
    <p className="max-w-4xl">
      {found.length > 0 ? `${t('detect.does', { types: found.join(', ') })} ` : null}
      {looked.map(({ model, read }) => (
        <span key={model}>
          {t('detect.names', {
            model,
            count: read,
            read: format.whole(read),
            total: format.whole(total),
          })}{' '}
        </span>
      ))}
      {t('detect.does_not', { types: [...missing, t('detect.never')].join(', ') })}
    </p>
  );
}

// How a dataset is split, in whole percent that make a hundred.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Split, splits } from '../../../../../contracts/dataset.ts';
import { Input } from '../../../components/ui/input.tsx';
import { useFormat } from '../../../lib/format.ts';

export type SharesPercent = Record<Split, number>;

export const sumOf = (shares: SharesPercent): number => shares.train + shares.validation + shares.test;

export const sharesOf = ({ train, validation, test }: SharesPercent): Record<Split, number> => ({
  train: train / 100,
  validation: validation / 100,
  test: test / 100,
});

const colours: Record<Split, string> = {
  train: 'bg-chart-1',
  validation: 'bg-chart-2',
  test: 'bg-chart-3',
};

export interface ShareFieldsProps {
  shares: SharesPercent;
  onChange: (shares: SharesPercent) => void;
}

export function ShareFields({ shares, onChange }: ShareFieldsProps) {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  const id = useId();
  const sum = sumOf(shares);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-semibold">{t('form.shares')}</legend>
      <div className="flex h-1.5 gap-px overflow-hidden rounded-full bg-pressed" aria-hidden="true">
        {splits.map((split) => (
          <span key={split} className={colours[split]} style={{ width: `${shares[split]}%` }} />
        ))}
      </div>
      <div className="grid grid-cols-3 gap-3">
        {splits.map((split) => (
          <div key={split} className="flex min-w-0 flex-col justify-end gap-1">
            <label htmlFor={`${id}-${split}`} className="flex items-start gap-1.5 text-xs text-quiet">
              <span className={`mt-1 size-2 shrink-0 rounded-full ${colours[split]}`} aria-hidden="true" />
              {t(`form.${split}`)}
            </label>
            <span className="flex items-center gap-1.5">
              <Input
                id={`${id}-${split}`}
                className="tabular"
                inputMode="numeric"
                value={shares[split]}
                onChange={(event) => {
                  const value = Math.min(100, Number(event.target.value.replace(/\D/g, '').slice(0, 3)));
                  onChange({ ...shares, [split]: value });
                }}
              />
              <span className="text-sm text-quiet" aria-hidden="true">
                %
              </span>
            </span>
          </div>
        ))}
      </div>
      <p className={sum === 100 ? 'text-xs text-quiet' : 'text-xs text-failed'} role="status">
        {sum === 100 ? t('form.shares_about') : t('form.shares_wrong', { sum: format.whole(sum) })}
      </p>
    </fieldset>
  );
}

// One sampling setting: a slider, its number, one sentence on what it does, and a way back to the model's default.
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../../components/ui/icon-button.tsx';
import { Slider } from '../../../../components/ui/slider.tsx';
import { useFormat } from '../../../../lib/format.ts';
import { ranges } from '../../lib/presets.ts';

export type RangedParameter = keyof typeof ranges;

export interface ParameterRowProps {
  name: RangedParameter;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

export function ParameterRow({ name, value, onChange }: ParameterRowProps) {
  const { t } = useTranslation('chat');
  const format = useFormat();
  const id = useId();
  const { min, max, step, rest } = ranges[name];
  const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const label = t(`parameter.${name}.label`);
  return (
    <div className="grid grid-cols-[1fr_auto] content-start items-center gap-x-3 gap-y-1">
      <span id={id} className="text-sm font-semibold">
        {label}
      </span>
      <span className="flex h-7 items-center gap-1 text-sm tabular">
        {value === undefined ? (
          <span className="text-quiet">{t('parameter.default')}</span>
        ) : (
          <>
            {format.decimal(value, digits)}
            <IconButton
              label={t('parameter.reset', { name: label })}
              icon={<RotateCcw />}
              size="small"
              onClick={() => onChange(undefined)}
            />
          </>
        )}
      </span>
      <div className={value === undefined ? 'col-span-2 opacity-60' : 'col-span-2'}>
        <Slider
          value={value ?? rest}
          min={min}
          max={max}
          step={step}
          label={label}
          onChange={(next) => onChange(Number(next.toFixed(digits)))}
        />
      </div>
      <p className="col-span-2 text-xs text-quiet">{t(`parameter.${name}.hint`)}</p>
    </div>
  );
}

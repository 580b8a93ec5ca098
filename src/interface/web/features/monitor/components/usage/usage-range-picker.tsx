// From when to when: four common stretches, or two days of one's own.
import { useTranslation } from 'react-i18next';
import { Input } from '../../../../components/ui/input.tsx';
import { Select } from '../../../../components/ui/select.tsx';
import { type UsageSearch, usageRanges } from '../../filters.ts';

export interface UsageRangePickerProps {
  search: UsageSearch;
  onChange: (change: Partial<UsageSearch>) => void;
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function UsageRangePicker({ search, onChange }: UsageRangePickerProps) {
  const { t } = useTranslation('usage');
  const { range = 'week', first, last } = search;
  const now = Date.now();
  const day = (label: string, value: string, set: (value: string) => void) => (
    <Input
      type="date"
      aria-label={label}
      value={value}
      max={isoDay(now)}
      onChange={(event) => event.target.value !== '' && set(event.target.value)}
      className="w-auto!"
    />
  );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Select
        label={t('range_label')}
        className="w-auto! min-w-40"
        value={range}
        options={usageRanges.map((value) => ({ value, label: t(`range.${value}`) }))}
        onChange={(value) => onChange({ range: value })}
      />
      {range === 'own' ? (
        <>
          {day(t('first'), first ?? isoDay(now - 6 * 86_400_000), (value) => onChange({ first: value }))}
          <span aria-hidden="true">–</span>
          {day(t('last'), last ?? isoDay(now), (value) => onChange({ last: value }))}
        </>
      ) : null}
    </div>
  );
}

// What the review shows, kept in the address.
import { useNavigate } from '@tanstack/react-router';
import EyeOff from 'lucide-react/icons/eye-off';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Dataset, splits } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useFormat } from '../../../lib/format.ts';
import { type DatasetSearch, exampleStatuses } from '../search.ts';

const ALL = 'all';
/** A search waits until the writing pauses. */
const PAUSE_MS = 250;

export function ReviewFilters({ dataset, search }: { dataset: Dataset; search: DatasetSearch }) {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  const navigate = useNavigate();
  const [text, setText] = useState(search.q ?? '');
  const { counts } = dataset;
  const go = (change: Partial<Record<keyof DatasetSearch, unknown>>) =>
    void navigate({
      to: '/improve/datasets/$id',
      params: { id: dataset.id },
      search: (was) => {
        const { example: _, ...rest } = { ...was, ...change };
        return Object.fromEntries(
          Object.entries(rest).filter(([, value]) => value !== undefined && value !== ''),
        );
      },
      replace: true,
      resetScroll: false,
    });
  const asked = search.q ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: only writing moves the address
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => go({ q: text }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const filtered = Boolean(search.status || search.split || search.findings || asked);
  return (
    <search aria-label={t('filter.label')} className="mb-3 flex flex-wrap items-center gap-2">
      <Input
        type="search"
        className="min-w-40 grow basis-full sm:w-auto! sm:basis-48"
        aria-label={t('filter.search')}
        placeholder={t('filter.search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Select
        label={t('filter.status')}
        className="w-auto! min-w-36 max-sm:grow"
        value={search.status ?? ALL}
        onChange={(value) => go({ status: value === ALL ? undefined : value })}
        options={[
          { value: ALL, label: t('filter.status_all'), hint: format.whole(counts.total) },
          ...exampleStatuses.map((value) => ({
            value,
            label: <span className="inline-block first-letter:uppercase">{t(`status.${value}`)}</span>,
            hint: format.whole(counts[value]),
          })),
        ]}
      />
      <Select
        label={t('filter.split')}
        className="w-auto! min-w-36 max-sm:grow"
        value={search.split ?? ALL}
        onChange={(value) => go({ split: value === ALL ? undefined : value })}
        options={[
          { value: ALL, label: t('filter.split_all') },
          ...splits.map((value) => ({
            value,
            label: <span className="inline-block first-letter:uppercase">{t(`split.${value}`)}</span>,
            hint: t(`split.${value}_about`),
          })),
        ]}
      />
      <Button
        icon={<EyeOff />}
        aria-pressed={search.findings === true}
        className="font-normal! aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
        onClick={() => go({ findings: search.findings ? undefined : true })}
      >
        {t('filter.findings')}
        <span className="tabular text-quiet">{format.whole(counts.withFindings)}</span>
      </Button>
      {filtered ? (
        <Button
          look="quiet"
          onClick={() => {
            setText('');
            go({ q: undefined, status: undefined, split: undefined, findings: undefined });
          }}
        >
          {t('filter.clear')}
        </Button>
      ) : null}
    </search>
  );
}

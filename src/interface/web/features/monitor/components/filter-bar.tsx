// The filters of the trace list. They live in the address, so that a reload, the back button and a shared link keep them.
import X from 'lucide-react/icons/x';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useAccessNames } from '../../../lib/access-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useModels } from '../../../lib/queries.ts';
import { periods, type TraceSearch, traceSources, traceStatuses } from '../filters.ts';

const ANY = 'any';
const PAUSE_MS = 250;

export interface FilterBarProps {
  search: TraceSearch;
  onChange: (search: TraceSearch) => void;
}

export function FilterBar({ search, onChange }: FilterBarProps) {
  const { t } = useTranslation('monitor');
  const format = useFormat();
  const names = useAccessNames();
  const models = useModels().data?.models ?? [];
  const [text, setText] = useState(search.text ?? '');

  useEffect(() => setText(search.text ?? ''), [search.text]);
  useEffect(() => {
    if (text === (search.text ?? '')) return;
    const timer = setTimeout(() => set('text', text === '' ? undefined : text), PAUSE_MS);
    return () => clearTimeout(timer);
  });

  function set<K extends keyof TraceSearch>(key: K, value: TraceSearch[K] | undefined) {
    const { [key]: _before, ...rest } = search;
    onChange(value === undefined ? rest : { ...rest, [key]: value });
  }
  const choice = <T extends string>(
    key: 'status' | 'source' | 'period' | 'model' | 'rating',
    value: T | undefined,
    options: readonly { value: T; label: string }[],
    pick: (value: T | undefined) => void,
  ) => (
    <Select<T | typeof ANY>
      label={t(`filter.${key}`)}
      className="w-auto! min-w-28 max-w-52"
      value={value ?? ANY}
      options={[{ value: ANY, label: t(`filter.any_${key}`) }, ...options]}
      onChange={(next) => pick(next === ANY ? undefined : (next as T))}
    />
  );
  /** What a link brought along and no list offers: one click takes it off. */
  const narrowed: [keyof TraceSearch, string][] = [];
  if (search.conversationId) narrowed.push(['conversationId', t('filter.one_conversation')]);
  if (search.userId) narrowed.push(['userId', names.person(search.userId)]);
  if (search.keyId) narrowed.push(['keyId', t('filter.one_key', { name: names.key(search.keyId) })]);
  if (search.app) narrowed.push(['app', t('filter.one_app', { name: search.app })]);
  if (search.from !== undefined)
    narrowed.push([
      'from',
      search.to === undefined
        ? t('filter.since', { from: format.moment(search.from) })
        : t('filter.between', { from: format.moment(search.from), to: format.moment(search.to) }),
    ]);
  const drop = (key: keyof TraceSearch) => {
    const { [key]: _dropped, to, ...rest } = search;
    onChange(key === 'from' || to === undefined ? rest : { ...rest, to });
  };
  const modelIds = new Set([...models.map((model) => model.id), ...(search.model ? [search.model] : [])]);
  const modelNames = new Map(models.map((model) => [model.id, model.displayName]));
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      <Input
        type="search"
        aria-label={t('filter.text')}
        placeholder={t('filter.text')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="w-full! sm:w-64!"
      />
      {choice(
        'status',
        search.status,
        traceStatuses.map((value) => ({ value, label: t(`status.${value}`) })),
        (value) => set('status', value),
      )}
      {choice(
        'model',
        search.model,
        [...modelIds].map((value) => ({ value, label: modelNames.get(value) ?? value })),
        (value) => set('model', value),
      )}
      {choice(
        'source',
        search.source,
        traceSources.map((value) => ({ value: value as string, label: t(`source.${value}`) })),
        (value) => set('source', value),
      )}
      {choice(
        'rating',
        search.rating === undefined ? undefined : search.rating === 1 ? 'good' : 'bad',
        (['good', 'bad'] as const).map((value) => ({ value, label: t(`rating.${value}`) })),
        (value) => set('rating', value === undefined ? undefined : value === 'good' ? 1 : -1),
      )}
      {choice(
        'period',
        search.period,
        periods.map((value) => ({ value, label: t(`period.${value}`) })),
        (value) => set('period', value),
      )}
      {narrowed.map(([key, words]) => (
        <Button key={key} size="small" icon={<X />} onClick={() => drop(key)}>
          {words}
        </Button>
      ))}
      {Object.keys(search).length > 0 ? (
        <Button size="small" look="quiet" onClick={() => onChange({})}>
          {t('filter.clear')}
        </Button>
      ) : null}
    </search>
  );
}

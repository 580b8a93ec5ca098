// What stands behind a name: the model that is asked first, which next, how long is waited, what is answered from memory.
import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowUp from 'lucide-react/icons/arrow-up';
import X from 'lucide-react/icons/x';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RouteSettings } from '../../../../../contracts/routing.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select, type SelectOption } from '../../../components/ui/select.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { useMetricWord } from '../../../lib/metric-word.ts';
import { useFigures } from '../api/figures.ts';
import { useSaveRoute } from '../api/routes.ts';
import { draftOfRoute, policyKey, type RouteDraft, type RouteFault, readRoute } from '../lib/route-draft.ts';

const NONE = 'none';
const retries = ['0', '1', '2', '3', '4', '5'] as const;
const MOST_FALLBACKS = 8;

export interface RouteDialogProps {
  alias: string;
  model: string;
  settings: RouteSettings;
  options: readonly SelectOption<string>[];
  onClose: () => void;
}

export function RouteDialog({ alias, model, settings, options, onClose }: RouteDialogProps) {
  const { t } = useTranslation(['models', 'common']);
  const [draft, setDraft] = useState<RouteDraft>(() => draftOfRoute(model, settings));
  const [tried, setTried] = useState(false);
  const save = useSaveRoute();
  const read = readRoute(draft);
  const faults: readonly RouteFault[] = tried && !read.ok ? read.faults : [];
  const change = (part: Partial<RouteDraft>) => setDraft({ ...draft, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read.ok) save.mutate({ alias, model: draft.model, settings: read.settings }, { onSuccess: onClose });
  };
  const wait = (key: 'connect' | 'firstToken' | 'total', hint: string) => (
    <Field
      label={t(`route.${key}`)}
      hint={hint}
      error={faults.includes(key) ? t('route.seconds_wrong') : null}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          className="tabular"
          value={draft[key]}
          onChange={(event) => change({ [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width="wide"
      title={t('route.title', { alias })}
      description={t('route.lead')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="route" busy={save.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="route" noValidate onSubmit={submit} className="flex flex-col gap-5">
        <Field label={t('route.model')}>
          {(control) => (
            <Select
              {...control}
              value={draft.model}
              options={options}
              onChange={(next) =>
                change({ model: next, fallbacks: draft.fallbacks.filter((one) => one !== next) })
              }
            />
          )}
        </Field>
        <Fallbacks draft={draft} options={options} onChange={(fallbacks) => change({ fallbacks })} />
        <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Field label={t('route.retries')} hint={t('route.retries_hint')}>
            {(control) => (
              <Select
                {...control}
                value={draft.retries}
                options={retries.map((value) => ({ value, label: value }))}
                onChange={(next) => change({ retries: next })}
              />
            )}
          </Field>
          {wait('connect', t('route.connect_hint'))}
          {wait('firstToken', t('route.no_limit'))}
          {wait('total', t('route.no_limit'))}
        </div>
        <Cache draft={draft} faults={faults} onChange={change} />
        <Policy draft={draft} faults={faults} onChange={change} />
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

interface FallbacksProps {
  draft: RouteDraft;
  options: readonly SelectOption<string>[];
  onChange: (fallbacks: string[]) => void;
}

function Fallbacks({ draft: { model, fallbacks }, options, onChange }: FallbacksProps) {
  const { t } = useTranslation('models');
  const left = options.filter(({ value }) => value !== model && !fallbacks.includes(value));
  const labelOf = (id: string) => options.find(({ value }) => value === id)?.label ?? id;
  const move = (from: number, to: number) => {
    const next = [...fallbacks];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-sm font-semibold">{t('route.fallbacks')}</legend>
      {fallbacks.length > 0 ? (
        <ol className="divide-y divide-line rounded-md border border-line">
          {fallbacks.map((id, index) => (
            <li key={id} className="flex items-center gap-1 py-1 pr-1 pl-3">
              <span className="tabular w-5 text-xs text-quiet">{index + 1}</span>
              <span className="min-w-0 grow truncate text-sm" title={id}>
                {labelOf(id)}
              </span>
              <IconButton
                label={t('route.up', { name: id })}
                icon={<ArrowUp />}
                size="small"
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              />
              <IconButton
                label={t('route.down', { name: id })}
                icon={<ArrowDown />}
                size="small"
                disabled={index === fallbacks.length - 1}
                onClick={() => move(index, index + 1)}
              />
              <IconButton
                label={t('route.drop', { name: id })}
                icon={<X />}
                size="small"
                onClick={() => onChange(fallbacks.filter((one) => one !== id))}
              />
            </li>
          ))}
        </ol>
      ) : (
        <p className="text-xs text-quiet">{t('route.no_fallback')}</p>
      )}
      {left.length > 0 && fallbacks.length < MOST_FALLBACKS ? (
        <Select
          label={t('route.add_fallback')}
          className="max-w-sm"
          value={NONE}
          options={[{ value: NONE, label: t('route.add_fallback') }, ...left]}
          onChange={(next) => next !== NONE && onChange([...fallbacks, next])}
        />
      ) : null}
    </fieldset>
  );
}

interface PartProps {
  draft: RouteDraft;
  faults: readonly RouteFault[];
  onChange: (change: Partial<RouteDraft>) => void;
}

function Cache({ draft, faults, onChange }: PartProps) {
  const { t } = useTranslation('models');
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
      <div className="flex min-w-0 flex-1 basis-72 items-start gap-3">
        <Switch checked={draft.cache} label={t('route.cache')} onChange={(cache) => onChange({ cache })} />
        <div className="min-w-0">
          <p className="text-sm font-semibold">{t('route.cache')}</p>
          <p className="text-xs text-quiet">{t('route.cache_hint')}</p>
        </div>
      </div>
      {draft.cache ? (
        <div className="w-40">
          <Field
            label={t('route.cache_hours')}
            error={faults.includes('cacheHours') ? t('route.hours_wrong') : null}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                className="tabular"
                value={draft.cacheHours}
                onChange={(event) => onChange({ cacheHours: event.target.value })}
              />
            )}
          </Field>
        </div>
      ) : null}
    </div>
  );
}

function Policy({ draft, faults, onChange }: PartProps) {
  const { t } = useTranslation('models');
  const figures = useFigures().data?.figures ?? [];
  const metricWord = useMetricWord();
  const words = (key: string) => {
    const [app = '', set = '', metric = ''] = key.split('|');
    return [app, set, metricWord(metric)].join(' · ');
  };
  const keys = [...figures.map(policyKey), ...(draft.policy === '' ? [] : [draft.policy])];
  const known = new Map(keys.map((key) => [key, words(key)]));
  return (
    <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_10rem]">
      <Field
        label={t('route.policy')}
        hint={t(known.size === 0 ? 'route.policy_no_figures' : 'route.policy_hint')}
      >
        {(control) => (
          <Select
            {...control}
            value={draft.policy === '' ? NONE : draft.policy}
            disabled={known.size === 0}
            options={[
              { value: NONE, label: t('route.policy_none') },
              ...[...known].map(([value, label]) => ({ value, label })),
            ]}
            onChange={(next) => onChange({ policy: next === NONE ? '' : next })}
          />
        )}
      </Field>
      {draft.policy === '' ? null : (
        <Field
          label={t('route.at_least')}
          error={faults.includes('atLeast') ? t('route.at_least_wrong') : null}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              className="tabular"
              placeholder="0.8"
              value={draft.atLeast}
              onChange={(event) => onChange({ atLeast: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

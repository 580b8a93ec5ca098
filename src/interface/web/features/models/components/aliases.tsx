// Names that stand for a model: `default` answers when nobody chose; others serve programs and habits.
import Plus from 'lucide-react/icons/plus';
import Route from 'lucide-react/icons/route';
import Trash2 from 'lucide-react/icons/trash-2';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RouteSettings } from '../../../../../contracts/routing.ts';
import { usePlaceText } from '../../../components/place-sign.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useSetAlias } from '../../../lib/mutations.ts';
import type { ModelList } from '../../../lib/queries.ts';
import { useRights } from '../../../lib/session.ts';
import { useSaveRoute } from '../api/routes.ts';
import { defaultRoute } from '../lib/route-draft.ts';
import { RouteDialog } from './route-dialog.tsx';

const shape = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

export function Aliases({ list }: { list: ModelList }) {
  const { t } = useTranslation(['models', 'common']);
  const format = useFormat();
  const mayChange = useRights().may('providers');
  const saveRoute = useSaveRoute();
  const [editing, setEditing] = useState<string | null>(null);
  const placeText = usePlaceText();
  const setAlias = useSetAlias();
  const [name, setName] = useState('');
  const chat = list.models.filter((model) => model.kind === 'chat');
  const options = chat.map((model) => ({
    value: model.id,
    label: model.displayName,
    hint: placeText(model.place),
  }));
  const rows = Object.entries({ ...(list.default ? { default: list.default } : {}), ...list.aliases }).sort(
    ([a], [b]) => (a === 'default' ? -1 : b === 'default' ? 1 : a.localeCompare(b)),
  );
  const settingsOf = (alias: string): RouteSettings =>
    list.routes?.find((route) => route.alias === alias) ?? defaultRoute;
  const nameOf = (id: string) => chat.find((model) => model.id === id)?.displayName ?? id;
  /** What a name does besides asking its model. */
  const routeText = (alias: string): string => {
    const { fallbacks, cache, policy } = settingsOf(alias);
    return [
      fallbacks.length > 0 ? t('route.then', { names: format.list(fallbacks.map(nameOf)) }) : null,
      policy ? t('route.cheapest', { app: policy.app }) : null,
      cache ? t('route.cached') : null,
    ]
      .filter((part) => part !== null)
      .join(' · ');
  };
  const takeBack = (alias: string, model: string) =>
    setAlias.mutate(
      { alias, model: null },
      {
        onSuccess: () =>
          toast({
            title: t('aliases.removed', { alias }),
            action: {
              label: t('common:undo'),
              onSelect: () => saveRoute.mutate({ alias, model, settings: settingsOf(alias) }),
            },
          }),
      },
    );
  const add = (event: FormEvent) => {
    event.preventDefault();
    const first = list.default ?? chat[0]?.id;
    if (shape.test(name) && first)
      setAlias.mutate({ alias: name, model: first }, { onSuccess: () => setName('') });
  };
  if (chat.length === 0) return null;
  return (
    <div className="rounded-md border border-line bg-raised">
      <ul aria-label={t('aliases.title')} className="divide-y divide-line">
        {rows.map(([alias, model]) => (
          <li key={alias} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
            <span className="w-24 shrink-0 truncate font-mono text-sm sm:w-40">{alias}</span>
            <Select
              label={t('aliases.model', { alias })}
              className="min-w-0 flex-1 basis-40 sm:max-w-sm"
              disabled={!mayChange}
              value={model}
              options={
                options.some((option) => option.value === model)
                  ? options
                  : [{ value: model, label: model }, ...options]
              }
              onChange={(next) => setAlias.mutate({ alias, model: next })}
            />
            <span className="hidden grow sm:block" />
            {mayChange ? (
              <Button
                size="small"
                look="quiet"
                icon={<Route />}
                className="max-sm:-ml-2.5"
                aria-label={t('route.edit_named', { alias })}
                onClick={() => setEditing(alias)}
              >
                {t('route.edit')}
              </Button>
            ) : null}
            {alias === 'default' || !mayChange ? null : (
              <IconButton
                label={t('aliases.remove', { alias })}
                icon={<Trash2 />}
                size="small"
                onClick={() => takeBack(alias, model)}
              />
            )}
            {routeText(alias) ? <p className="w-full text-xs text-quiet">{routeText(alias)}</p> : null}
          </li>
        ))}
        {mayChange ? (
          <li className="px-4 py-2">
            <form onSubmit={add} className="flex items-center gap-2">
              <Input
                aria-label={t('aliases.new')}
                placeholder={t('aliases.new')}
                value={name}
                onChange={(event) => setName(event.target.value.trim())}
                className="max-w-48 font-mono"
                autoComplete="off"
                spellCheck={false}
              />
              <Button
                type="submit"
                size="small"
                look="quiet"
                icon={<Plus />}
                disabled={!shape.test(name) || name in list.aliases || name === 'default'}
              >
                {t('common:add')}
              </Button>
            </form>
          </li>
        ) : null}
      </ul>
      {editing === null ? null : (
        <RouteDialog
          key={editing}
          alias={editing}
          model={rows.find(([alias]) => alias === editing)?.[1] ?? ''}
          settings={settingsOf(editing)}
          options={options}
          onClose={() => setEditing(null)}
        />
      )}
      {setAlias.error ? <ErrorState error={setAlias.error} className="m-3" /> : null}
    </div>
  );
}

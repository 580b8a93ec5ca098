// Names that stand for a model: `default` answers when nobody chose; others serve programs and habits.
import Plus from 'lucide-react/icons/plus';
import Trash2 from 'lucide-react/icons/trash-2';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlaceText } from '../../../components/place-sign.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useSetAlias } from '../../../lib/mutations.ts';
import type { ModelList } from '../../../lib/queries.ts';

const shape = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

export function Aliases({ list }: { list: ModelList }) {
  const { t } = useTranslation(['models', 'common']);
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
  const takeBack = (alias: string, model: string) =>
    setAlias.mutate(
      { alias, model: null },
      {
        onSuccess: () =>
          toast({
            title: t('aliases.removed', { alias }),
            action: { label: t('common:undo'), onSelect: () => setAlias.mutate({ alias, model }) },
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
          <li key={alias} className="flex items-center gap-3 px-4 py-2">
            <span className="w-24 shrink-0 truncate font-mono text-sm sm:w-40">{alias}</span>
            <Select
              label={t('aliases.model', { alias })}
              className="max-w-sm"
              value={model}
              options={
                options.some((option) => option.value === model)
                  ? options
                  : [{ value: model, label: model }, ...options]
              }
              onChange={(next) => setAlias.mutate({ alias, model: next })}
            />
            <span className="grow" />
            {alias === 'default' ? null : (
              <IconButton
                label={t('aliases.remove', { alias })}
                icon={<Trash2 />}
                size="small"
                onClick={() => takeBack(alias, model)}
              />
            )}
          </li>
        ))}
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
      </ul>
      {setAlias.error ? <ErrorState error={setAlias.error} className="m-3" /> : null}
    </div>
  );
}

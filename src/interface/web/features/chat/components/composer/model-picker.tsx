// Which model answers: a button with its name and place, and behind it all models, here and elsewhere.
import ChevronDown from 'lucide-react/icons/chevron-down';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Popover } from '../../../../components/ui/popover.tsx';
import { SkeletonRows } from '../../../../components/ui/skeleton.tsx';
import { findModel, useHealth, useModels } from '../../../../lib/queries.ts';
import { PlaceIcon } from '../place-icon.tsx';

const ModelList = lazy(async () => ({ default: (await import('./model-list.tsx')).ModelList }));

export function ModelPicker({ model, onChange }: { model: string; onChange: (model: string) => void }) {
  const { t } = useTranslation(['chat', 'common']);
  const [open, setOpen] = useState(false);
  const list = useModels();
  const firstRun = useHealth().data?.firstRun;
  const current = findModel(list.data, model);
  const missing =
    model === 'default' ? t(firstRun?.state === 'working' ? 'model.coming' : 'model.none') : null;
  // A model on its way is known by its id only.
  const name = current?.displayName ?? (list.isPending ? '…' : (missing ?? model.replace(/^local\//, '')));
  return (
    <Popover
      label={t('model.choose')}
      open={open}
      onOpenChange={setOpen}
      className="w-96 p-0!"
      side="top"
      trigger={
        <button
          type="button"
          aria-label={t('model.button', { model: name })}
          className="inline-flex h-8 min-w-0 items-center gap-1.5 rounded-md px-2 text-sm text-quiet hover:bg-sunken hover:text-ink data-[state=open]:bg-sunken"
        >
          {current ? <PlaceIcon place={current.place} className="size-4 shrink-0" /> : null}
          <span className="truncate">{name}</span>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0" />
        </button>
      }
    >
      <Suspense fallback={<SkeletonRows rows={4} label={t('common:loading')} className="p-1" />}>
        <ModelList
          current={current?.id ?? null}
          onChoose={(id) => {
            setOpen(false);
            onChange(id);
          }}
        />
      </Suspense>
    </Popover>
  );
}

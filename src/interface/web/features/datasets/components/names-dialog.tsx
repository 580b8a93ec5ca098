// Has a local model look for names of people: which one, how far each has come, how long the rest takes, what it misses.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useFindNames, useNameSearch } from '../api/names.ts';

export function NamesDialog({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const { t } = useTranslation(['datasets', 'common']);
  const format = useFormat();
  const search = useNameSearch(dataset.id, dataset.counts.total);
  const find = useFindNames(dataset.id);
  const [picked, setPicked] = useState<string | null>(null);
  const models = search.data?.models ?? [];
  const model = models.find((one) => one.model === picked) ?? models.find((one) => !one.small) ?? models[0];
  const left = model ? (search.data?.total ?? 0) - model.read : 0;
  const time =
    model?.minutes == null
      ? t('names.unmeasured', { count: left, n: format.whole(left) })
      : t('names.minutes', {
          count: left,
          n: format.whole(left),
          minutes: format.whole(Math.max(1, Math.ceil(model.minutes))),
        });
  const start = () =>
    model &&
    find.mutate(model.model, {
      onSuccess: () => {
        onClose();
        toast({ title: t('names.started') });
      },
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('names.title')}
      description={t('names.about')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" disabled={!model || left === 0} busy={find.isPending} onClick={start}>
            {t('names.start')}
          </Button>
        </>
      }
    >
      {search.error ? (
        <ErrorState error={search.error} onRetry={() => void search.refetch()} />
      ) : search.isPending ? (
        <SkeletonRows rows={2} label={t('common:loading')} />
      ) : models.length === 0 ? (
        <p className="py-6 text-center text-sm text-quiet">{t('names.none')}</p>
      ) : (
        <div className="flex flex-col gap-4">
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-1.5 text-sm font-semibold">{t('names.model')}</legend>
            {models.map((one) => (
              <label key={one.model} className="flex min-w-0 items-start gap-2 text-sm">
                <input
                  type="radio"
                  name="model"
                  className="mt-0.5 size-4 shrink-0 accent-accent"
                  checked={one.model === model?.model}
                  onChange={() => setPicked(one.model)}
                />
                <span className="min-w-0">
                  <span className="break-all">{one.model}</span>
                  {one.small ? <span className="block text-xs text-quiet">{t('names.small')}</span> : null}
                </span>
              </label>
            ))}
          </fieldset>
          <p className="text-sm tabular">{left === 0 ? t('names.all_read') : time}</p>
          <p className="text-xs text-quiet">{t('names.misses')}</p>
          {find.error ? <ErrorState error={find.error} /> : null}
        </div>
      )}
    </Dialog>
  );
}

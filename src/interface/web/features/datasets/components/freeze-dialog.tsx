// Freezes a version, after it was seen what goes in, what stays out, and why.
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useFreeze } from '../api/freeze.ts';

export interface FreezeDialogProps {
  dataset: Dataset;
  onRedact: () => void;
  onFrozen: () => void;
  onClose: () => void;
}

function Line({ label, value, strong = false }: { label: string; value: string; strong?: boolean }) {
  return (
    <li className="flex items-baseline justify-between gap-4 py-1 text-sm">
      <span className={strong ? '' : 'text-quiet first-letter:uppercase'}>{label}</span>
      <span className={strong ? 'font-semibold tabular' : 'tabular text-quiet'}>{value}</span>
    </li>
  );
}

function Half({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-md border border-line px-4 py-3">
      <h3 className="mb-1 text-sm font-semibold">{title}</h3>
      {children}
    </section>
  );
}

export function FreezeDialog({ dataset, onRedact, onFrozen, onClose }: FreezeDialogProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const format = useFormat();
  const form = useId();
  const freeze = useFreeze(dataset.id);
  const [note, setNote] = useState('');
  const { counts } = dataset;
  const version = (dataset.versions[0]?.version ?? 0) + 1;
  const none = counts.approved === 0;
  const out = [
    ['pending', counts.pending],
    ['rejected', counts.rejected],
    ['no_consent', counts.withoutConsent],
  ] as const;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (none || freeze.isPending) return;
    freeze.mutate(note.trim(), {
      onSuccess: (frozen) => {
        onClose();
        onFrozen();
        toast({
          title: t('freeze.done', { version: frozen.version }),
          detail: t('freeze.done_detail', { count: frozen.examples, n: format.whole(frozen.examples) }),
        });
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('freeze.title', { version })}
      description={t('freeze.about')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form={form} disabled={none} busy={freeze.isPending}>
            {t('freeze.start')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <div className="grid gap-3 sm:grid-cols-2">
          <Half title={t('freeze.in')}>
            <ul>
              <Line label={t('freeze.approved')} value={format.whole(counts.approved)} strong />
              {(['train', 'validation', 'test'] as const).map((split) => (
                <Line key={split} label={t(`split.${split}`)} value={format.whole(counts.splits[split])} />
              ))}
            </ul>
          </Half>
          <Half title={t('freeze.out')}>
            {out.every(([, value]) => value === 0) ? (
              <p className="text-sm text-quiet">{t('freeze.nothing_out')}</p>
            ) : (
              <ul>
                {out
                  .filter(([, value]) => value > 0)
                  .map(([word, value]) => (
                    <Line key={word} label={t(`freeze.${word}`)} value={format.whole(value)} />
                  ))}
              </ul>
            )}
          </Half>
        </div>
        {none ? <p className="text-sm text-failed">{t('freeze.none')}</p> : null}
        {counts.withFindings > 0 ? (
          <div className="flex flex-wrap items-center justify-between gap-2 rounded-md bg-needs-soft px-3.5 py-2 text-sm">
            <p className="min-w-0 grow basis-56">
              {t('freeze.findings', { count: counts.withFindings, n: format.whole(counts.withFindings) })}
            </p>
            <Button size="small" onClick={onRedact}>
              {t('redact.button')}
            </Button>
          </div>
        ) : null}
        <Field label={t('freeze.note')} hint={t('freeze.note_hint')}>
          {(control) => (
            <Input
              {...control}
              value={note}
              maxLength={500}
              autoComplete="off"
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        {freeze.error ? <ErrorState error={freeze.error} /> : null}
      </form>
    </Dialog>
  );
}

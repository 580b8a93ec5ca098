// Replaces personal data everywhere, after it was seen on examples how that reads.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset, Example } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useRedact } from '../api/change-examples.ts';
import { useFoundExamples } from '../api/list-examples.ts';
import { countTypes } from '../lib/mark-findings.ts';
import { previewOf } from '../lib/redact-preview.ts';
import { FoundText, useTypeWord } from './found-text.tsx';

const SHOWN = 3;

export function RedactDialog({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const { t } = useTranslation(['datasets', 'common']);
  const format = useFormat();
  const word = useTypeWord();
  const found = useFoundExamples(dataset.id);
  const redact = useRedact(dataset.id);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const examples = found.data?.examples ?? [];
  const types = countTypes(examples.flatMap((one) => one.findings));
  const chosen = types.map(({ type }) => type).filter((type) => !left.has(type));
  const total = Math.max(dataset.counts.withFindings, examples.length);
  const start = () =>
    redact.mutate(left.size === 0 ? {} : { types: chosen }, {
      onSuccess: ({ changed }) => {
        onClose();
        toast({ title: t('review.redacted', { count: changed, n: format.whole(changed) }) });
      },
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('redact.title')}
      description={t('redact.about')}
      width="wide"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" disabled={chosen.length === 0} busy={redact.isPending} onClick={start}>
            {t('redact.start')}
          </Button>
        </>
      }
    >
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <SkeletonRows rows={3} label={t('common:loading')} />
      ) : examples.length === 0 ? (
        <p className="py-6 text-center text-sm text-quiet">{t('redact.none')}</p>
      ) : (
        <div className="flex flex-col gap-5">
          <p className="text-sm tabular">
            {t('redact.shown', { count: total, n: format.whole(total) })}
            {found.data.nextCursor === null
              ? null
              : ` · ${t('redact.first', { n: format.whole(examples.length) })}`}
          </p>
          <fieldset>
            <legend className="mb-1.5 text-sm font-semibold">{t('redact.types')}</legend>
            <div className="flex flex-wrap gap-x-5 gap-y-2">
              {types.map(({ type, count }) => (
                <label key={type} className="flex items-center gap-2 text-sm">
                  <input
                    type="checkbox"
                    className="size-4 accent-accent"
                    checked={!left.has(type)}
                    onChange={(event) => {
                      const set = new Set(left);
                      if (event.target.checked) set.delete(type);
                      else set.add(type);
                      setLeft(set);
                    }}
                  />
                  <span>
                    {word(type)} <span className="text-quiet tabular">{format.whole(count)}</span>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
          <section aria-label={t('redact.preview')}>
            <h3 className="mb-1.5 text-sm font-semibold">{t('redact.preview')}</h3>
            <ul className="flex flex-col gap-2">
              {examples.slice(0, SHOWN).map((example) => (
                <Preview key={example.id} example={example} types={chosen} />
              ))}
            </ul>
          </section>
          {redact.error ? <ErrorState error={redact.error} /> : null}
        </div>
      )}
    </Dialog>
  );
}

function Preview({ example, types }: { example: Example; types: readonly string[] }) {
  const { t } = useTranslation('datasets');
  const preview = previewOf(example, types);
  if (preview === null) return null;
  return (
    <li className="grid gap-px overflow-hidden rounded-md border border-line bg-line sm:grid-cols-2">
      <p className="bg-raised px-3 py-2 text-sm break-words whitespace-pre-wrap">
        <span className="block text-xs text-quiet">{t('redact.before')}</span>
        <FoundText text={preview.before} findings={preview.findings} />
      </p>
      <p className="bg-raised px-3 py-2 text-sm break-words whitespace-pre-wrap">
        <span className="block text-xs text-quiet">{t('redact.after')}</span>
        {preview.after}
      </p>
    </li>
  );
}

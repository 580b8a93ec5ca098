// The room that weights of bases take on the disk between trainings, and a button to have it back.
import HardDrive from 'lucide-react/icons/hard-drive';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Rows, Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useBases, useFreeBase } from '../api/bases.ts';

export function KeptWeights() {
  const { t } = useTranslation('training');
  const format = useFormat();
  const bases = useBases();
  const free = useFreeBase();
  const kept = (bases.data ?? []).filter(({ keptBytes }) => keptBytes > 0);
  const freed = free.data?.freedBytes;
  const told = useRef<HTMLParagraphElement>(null);
  // Its button is gone, and with it the place on the page.
  useEffect(() => {
    if (freed !== undefined && document.activeElement === document.body) told.current?.focus();
  }, [freed]);
  if (kept.length === 0 && freed === undefined) return null;
  return (
    <Section id="kept" title={t('kept.title')} lead={t('kept.lead')}>
      {free.error ? <ErrorState className="mb-3" error={free.error} /> : null}
      {freed === undefined ? null : (
        <p ref={told} role="status" tabIndex={-1} className="mb-3 w-fit rounded-sm text-sm text-ready">
          {t('kept.freed', { size: format.bytes(freed) })}
        </p>
      )}
      {kept.length === 0 ? null : (
        <Rows label={t('kept.title')}>
          {kept.map(({ model, displayName, keptBytes }) => (
            <li key={model} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm">
              <HardDrive className="size-4 shrink-0 text-quiet" aria-hidden="true" />
              <span className="min-w-0 grow break-words">{displayName}</span>
              <span className="tabular text-quiet">{format.bytes(keptBytes)}</span>
              <Button
                busy={free.isPending && free.variables === model}
                disabled={free.isPending}
                aria-label={t('kept.free_of', { name: displayName })}
                onClick={() => free.mutate(model)}
              >
                {t('kept.free')}
              </Button>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

// What the gateway did besides asking the model that was named: a fallback and why, the cache, what that saved.
import Route from 'lucide-react/icons/route';
import { useTranslation } from 'react-i18next';
import type { Span } from '../../../../../contracts/span.ts';
import { useFormat } from '../../../lib/format.ts';
import { readRouted } from '../lib/read-routed.ts';

export function RoutedNote({ span }: { span: Span }) {
  const { t } = useTranslation('monitor');
  const format = useFormat();
  const { routed, savedNano } = readRouted(span);
  const lines = [
    routed?.fallback ? t('routed.fallback', { answered: routed.answered, asked: routed.asked }) : null,
    routed && routed.attempts > 1
      ? t('routed.attempts', { count: routed.attempts, n: format.whole(routed.attempts) })
      : null,
    routed && routed.cache !== 'off' ? t(`routed.cache.${routed.cache}`) : null,
    savedNano > 0 ? t('routed.saved', { sum: format.dollars(savedNano) }) : null,
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return (
    <section
      aria-label={t('routed.title')}
      className="mb-4 flex gap-3 rounded-md bg-needs-soft px-4 py-3 text-sm"
    >
      <Route className="mt-0.5 size-4 shrink-0 text-needs" aria-hidden="true" />
      <div className="min-w-0">
        <h3 className="font-semibold">{t('routed.title')}</h3>
        <p>{lines.join(' ')}</p>
        {routed?.reason ? (
          <p className="break-words text-quiet">{t('routed.reason', { reason: routed.reason })}</p>
        ) : null}
      </div>
    </section>
  );
}

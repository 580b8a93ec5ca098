// What came of a test, in words: it answers, how fast, with which models; or why not.
import CircleCheck from 'lucide-react/icons/circle-check';
import { useTranslation } from 'react-i18next';
import type { ProviderTest } from '../../../../../contracts/provider.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { useFormat } from '../../../lib/format.ts';

const NAMED = 4;

export function TestResult({ result }: { result: ProviderTest }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  if (!result.ok) return result.error ? <ErrorState error={result.error} /> : null;
  const names = result.models.slice(0, NAMED).join(', ') + (result.models.length > NAMED ? ' …' : '');
  return (
    <div role="status" className="flex gap-3 rounded-md bg-ready-soft px-4 py-3 text-sm">
      <CircleCheck className="mt-0.5 size-4 shrink-0 text-ready" aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-semibold text-ready">
          {t('endpoint.answers', { time: format.duration(result.latencyMs ?? 0) })}
        </p>
        <p className="break-words">
          {result.models.length === 0
            ? t('endpoint.no_models')
            : t('endpoint.models', { count: result.models.length, names })}
        </p>
      </div>
    </div>
  );
}

// What was tried to get a model: which source, how it ended, why, and what is tried now.
import CircleX from 'lucide-react/icons/circle-x';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import { useTranslation } from 'react-i18next';
import type { FirstRun } from '../../../../../contracts/catalogue.ts';
import { useErrorText } from '../../../lib/error-text.ts';

/** `hub:owner/name` and the like in words; what is not known stays as it is. */
function useSourceName(): (source: string) => string {
  const { t } = useTranslation('home');
  return (source) => {
    const kind = (['hub', 'wheel', 'path'] as const).find((one) => source.startsWith(one));
    return kind ? t(`source.${kind}`) : source;
  };
}

export function Attempts({ attempts }: { attempts: FirstRun['attempts'] }) {
  const { t } = useTranslation('home');
  const say = useErrorText();
  const sourceName = useSourceName();
  return (
    <details className="text-sm" open>
      <summary className="text-quiet">{t('tried')}</summary>
      <ol className="mt-2 flex flex-col gap-2">
        {attempts.map(({ model, source, outcome, error }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
          <li key={index} className="flex gap-2">
            {outcome === 'working' || outcome === 'done' ? (
              <LoaderCircle className="mt-0.5 size-4 shrink-0 text-quiet" aria-hidden="true" />
            ) : (
              <CircleX className="mt-0.5 size-4 shrink-0 text-failed" aria-hidden="true" />
            )}
            <div className="min-w-0">
              <p title={source}>
                <span className="font-semibold text-ink">{sourceName(source)}</span>
                <span className={outcome === 'failed' ? 'text-failed' : ''}>
                  {' '}
                  · {t(`outcome.${outcome}`)}
                </span>{' '}
                · <span className="break-all">{model}</span>
              </p>
              {error ? (
                <p className="text-xs break-words text-quiet">
                  {say(error).title}. {say(error).technical}
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}

// Written texts: the points that they follow, and one version or several to choose from.
import Copy from 'lucide-react/icons/copy';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../../components/ui/button.tsx';
import { useCopy } from '../../../../components/use-copy.ts';
import { isObject } from '../../../../lib/json-schema.ts';
import type { ResultProps } from './result-props.ts';

export function WriterResult({ output, text, running, renderText }: ResultProps) {
  const { t } = useTranslation(['apps', 'common']);
  const known = isObject(output) ? output : {};
  const outline = Array.isArray(known.outline) ? known.outline.map(String) : [];
  const variants = Array.isArray(known.variants) ? known.variants.filter(isObject) : [];
  const copy = useCopy();
  return (
    <div className="flex flex-col gap-5">
      {outline.length > 0 ? (
        <section>
          <h3 className="mb-1 text-xs text-quiet">{t('result.outline')}</h3>
          <ol className="list-decimal pl-5 text-sm">
            {outline.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ol>
        </section>
      ) : null}
      {running
        ? renderText(text, false)
        : variants.map((variant, index) => (
            <section
              // biome-ignore lint/suspicious/noArrayIndexKey: versions keep their order
              key={index}
              className={variants.length > 1 ? 'rounded-md border border-line bg-raised px-4 py-3' : ''}
            >
              {variants.length > 1 ? (
                <header className="mb-2 flex items-center justify-between gap-3">
                  <h3 className="text-sm font-semibold">{t('result.variant', { n: index + 1 })}</h3>
                  <Button
                    size="small"
                    look="quiet"
                    icon={<Copy />}
                    onClick={() => copy(String(variant.text ?? ''))}
                  >
                    {t('common:copy')}
                  </Button>
                </header>
              ) : null}
              {renderText(String(variant.text ?? ''), true)}
              <p className="tabular mt-2 text-xs text-quiet">
                {typeof variant.words === 'number' ? t('result.words', { count: variant.words }) : null}
                {variant.lengthKept === false ? (
                  <span className="text-needs"> · {t('result.length_off')}</span>
                ) : null}
              </p>
            </section>
          ))}
    </div>
  );
}

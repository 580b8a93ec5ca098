// A text, and what the classifier makes of it: every label with its probability as a bar.
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Classifier } from '../../../../../contracts/classifier.ts';
import { Button } from '../../../components/ui/button.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useClassify } from '../api/classifiers.ts';

const SHOWN = 12;

export function TryBox({
  classifier,
  text,
  onText,
}: {
  classifier: Classifier;
  text: string;
  onText: (text: string) => void;
}) {
  const { t } = useTranslation('classifiers');
  const format = useFormat();
  const [asked, setAsked] = useState('');
  const classify = useClassify(classifier.name);
  const decision = classify.data;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim() === '' || classify.isPending) return;
    setAsked(text);
    classify.mutate(text);
  };
  const bars = Object.entries(decision?.probabilities ?? {}).sort((a, b) => b[1] - a[1]);
  return (
    <div className="grid items-start gap-5 md:grid-cols-2">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t('try.text')}>
          {(control) => (
            <Textarea
              {...control}
              rows={4}
              maxLength={32_000}
              placeholder={t('try.example')}
              value={text}
              onChange={(event) => onText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
                  event.preventDefault();
                  submit();
                }
              }}
            />
          )}
        </Field>
        <div>
          <Button look="primary" type="submit" busy={classify.isPending} disabled={text.trim() === ''}>
            {t('try.start')}
          </Button>
        </div>
      </form>
      <div role="status" aria-live="polite" className="min-w-0">
        {classify.error ? (
          <ErrorState error={classify.error} onRetry={() => submit()} />
        ) : decision ? (
          <>
            <p className="mb-2 truncate text-xs text-quiet" title={asked}>
              {asked}
            </p>
            <ul className="flex flex-col gap-2">
              {bars.slice(0, SHOWN).map(([label, probability]) => (
                <li key={label}>
                  <p className="flex items-baseline justify-between gap-3 text-sm">
                    <span className={cx('min-w-0 truncate', label === decision.value && 'font-semibold')}>
                      {label}
                    </span>
                    <span className="tabular text-quiet">{format.percent(probability)}</span>
                  </p>
                  <div className="mt-0.5 h-1.5 overflow-hidden rounded-full bg-pressed" aria-hidden="true">
                    <div
                      className={label === decision.value ? 'h-full bg-chart-1' : 'h-full bg-control'}
                      style={{ width: `${probability * 100}%` }}
                    />
                  </div>
                </li>
              ))}
            </ul>
            <p className="mt-3 text-xs text-quiet">
              {bars.length > SHOWN
                ? `${t('try.more', { count: bars.length - SHOWN, n: format.whole(bars.length - SHOWN) })} `
                : null}
              {decision.traceId ? (
                <Link
                  to="/monitor/$traceId"
                  params={{ traceId: decision.traceId }}
                  className="rounded-sm underline decoration-line underline-offset-2 hover:text-ink"
                >
                  {t('try.trace')}
                </Link>
              ) : null}
            </p>
          </>
        ) : (
          <p className="text-sm text-quiet md:pt-7">{t('try.nothing')}</p>
        )}
      </div>
    </div>
  );
}

// What the model would write next, as bars that follow temperature and top-p; a click takes a token and goes on.
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ModelSelect } from '../../../components/answers/model-select.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Slider } from '../../../components/ui/slider.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { asError } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { type NextTokensQuestion, useKnownQuestion, useNextTokens } from '../api/next-tokens.ts';
import { type PlaygroundState, sentMessages } from '../lib/state.ts';
import { TokenBars } from './token-bars.tsx';
import type { ChangePlayground } from './use-playground.ts';
import { type OnView, useView } from './use-view.ts';

export interface NextTokenProps {
  state: PlaygroundState;
  change: ChangePlayground;
  onView: OnView;
}

export function NextToken({ state, change, onView }: NextTokenProps) {
  const { t } = useTranslation(['playground', 'common']);
  const { messages, next } = state;
  const sent = useMemo(() => sentMessages(messages), [messages]);
  const known = useKnownQuestion({ model: next.model, messages: sent, begun: next.begun });
  const [asked, setAsked] = useState<NextTokensQuestion | null>(known);
  const found = useNextTokens(asked);
  const { model, begun } = next;
  const set = (part: Partial<PlaygroundState['next']>) => change({ next: { ...next, ...part } });
  const ready = sent.length > 0;
  const { refetch } = found;
  const run = useCallback(() => {
    if (!ready) return;
    const question = { model, messages: sent, begun };
    // The same question again after a failure is asked again.
    if (JSON.stringify(question) === JSON.stringify(asked)) void refetch();
    else setAsked(question);
  }, [ready, model, sent, begun, asked, refetch]);
  const stop = useCallback(() => setAsked(null), []);
  useView(onView, run, stop, ready);
  const take = (token: string) => {
    set({ begun: begun + token });
    setAsked({ model, messages: sent, begun: begun + token });
  };
  const without = found.error !== null && asError(found.error).data.reason === 'no_logprobs';

  return (
    <div className="grid items-start gap-6 lg:grid-cols-[22rem_1fr]">
      <div className="flex flex-col gap-4">
        <Field label={t('next.model')}>
          {({ id }) => <ModelSelect id={id} value={model} onChange={(one) => set({ model: one })} />}
        </Field>
        <Field label={t('next.begun')} hint={t('next.begun_hint')}>
          {(control) => (
            <Textarea
              {...control}
              className="min-h-0!"
              rows={4}
              value={begun}
              onChange={(event) => set({ begun: event.target.value })}
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button disabled={!ready} busy={found.isFetching} onClick={run}>
            {t('run.next')}
          </Button>
          <Button
            look="quiet"
            disabled={begun === ''}
            onClick={() => {
              set({ begun: '' });
              if (asked !== null) setAsked({ model, messages: sent, begun: '' });
            }}
          >
            {t('next.start_over')}
          </Button>
        </div>
        <Shape
          name="temperature"
          value={next.temperature}
          range={{ min: 0, max: 2, step: 0.05 }}
          onChange={(temperature) => set({ temperature })}
        />
        <Shape
          name="topP"
          value={next.topP}
          range={{ min: 0.01, max: 1, step: 0.01 }}
          onChange={(topP) => set({ topP })}
        />
      </div>
      <section aria-label={t('next.title')} aria-busy={found.isFetching} className="min-w-0">
        {found.error !== null && !found.isFetching ? (
          without ? (
            <p role="alert" className="text-sm">
              {t('next.none', { model: String(asError(found.error).data.model) })}
            </p>
          ) : (
            <ErrorState error={found.error} onRetry={run} />
          )
        ) : found.data !== undefined && asked !== null ? (
          <TokenBars found={found.data} temperature={next.temperature} topP={next.topP} onTake={take} />
        ) : found.isFetching ? (
          <SkeletonRows rows={8} label={t('common:loading')} className="h-7" />
        ) : (
          <p className="text-sm text-quiet">{t(ready ? 'next.empty' : 'next.empty_messages')}</p>
        )}
      </section>
    </div>
  );
}

function Shape({
  name,
  value,
  range,
  onChange,
}: {
  name: 'temperature' | 'topP';
  value: number;
  range: { min: number; max: number; step: number };
  onChange: (value: number) => void;
}) {
  const { t } = useTranslation(['playground', 'chat']);
  const format = useFormat();
  const label = t(`chat:parameter.${name}.label`);
  return (
    <div>
      <p className="flex justify-between text-sm font-semibold">
        {label}
        <span className="tabular">{format.decimal(value, 2)}</span>
      </p>
      <Slider {...range} value={value} label={label} onChange={(to) => onChange(Number(to.toFixed(2)))} />
      <p className="text-xs text-quiet">{t(`next.${name}`)}</p>
    </div>
  );
}

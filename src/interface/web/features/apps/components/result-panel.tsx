// The result of a run, as the app's own drawing shows it: step, notes, output, receipt with the way to its trace.
import { Link } from '@tanstack/react-router';
import Copy from 'lucide-react/icons/copy';
import { useTranslation } from 'react-i18next';
import type { AppInfo } from '../../../../../contracts/app.ts';
import { LongText } from '../../../components/run/long-text.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Progress } from '../../../components/ui/progress.tsx';
import { useCopy } from '../../../components/use-copy.ts';
import { useCostText, useFormat } from '../../../lib/format.ts';
import { useNoticeText } from '../../../lib/notice-text.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import type { AppReceipt, AppRun } from '../lib/app-run.ts';
import { plainText } from '../lib/plain-text.ts';
import { GenericResult } from './results/generic-result.tsx';
import type { RenderText } from './results/result-props.ts';
import { resultViews } from './results/result-views.ts';

export interface ResultPanelProps {
  app: AppInfo;
  run: AppRun;
  input: unknown;
  renderText: RenderText;
  onRetry: () => void;
}

export function ResultPanel({ app, run, input, renderText, onRetry }: ResultPanelProps) {
  const { t } = useTranslation(['apps', 'common']);
  const View = (app.source === 'builtin' ? resultViews[app.name] : undefined) ?? GenericResult;
  const notice = useNoticeText();
  const known = run.output !== undefined || run.text !== '';
  const running = run.status === 'running';
  const copyText = useCopy();
  const copy = () => copyText(plainText(run.output, run.text));
  return (
    <section aria-label={t('run.result')} aria-busy={running} className="min-w-0 lg:sticky lg:top-6">
      {run.status === 'idle' ? (
        <p className="rounded-md border border-dashed border-line px-4 py-14 text-center text-sm text-quiet">
          {t('run.idle')}
        </p>
      ) : null}
      {running ? <StepLine run={run} /> : null}
      {run.notes.map((note) => (
        <p key={note.message} className="mb-3 rounded-md bg-sunken px-4 py-2 text-sm">
          {notice(note)}
        </p>
      ))}
      {known ? (
        <View
          app={app}
          input={input}
          output={run.output}
          text={run.text}
          running={running}
          renderText={renderText}
        />
      ) : null}
      {run.status === 'stopped' ? <p className="mt-3 text-sm text-quiet">{t('run.stopped')}</p> : null}
      {run.error ? <ErrorState className="mt-3" error={run.error} onRetry={onRetry} /> : null}
      {run.status === 'done' ? (
        <footer className="mt-4 flex flex-col gap-3 border-t border-line pt-3">
          {run.receipt ? <Receipt receipt={run.receipt} /> : null}
          <div>
            <Button size="small" icon={<Copy />} onClick={copy}>
              {t('run.copy')}
            </Button>
          </div>
          {View === GenericResult ? null : (
            <details className="text-xs">
              <summary className="w-fit rounded-sm text-quiet hover:text-ink">{t('run.raw')}</summary>
              <LongText
                text={JSON.stringify(run.output, null, 2)}
                className="mt-2 rounded-md bg-sunken px-3 py-2"
              />
            </details>
          )}
        </footer>
      ) : null}
    </section>
  );
}

const steps = [
  'reading',
  'loading',
  'queued',
  'writing',
  'part',
  'joining',
  'testing',
  'repairing',
  'deciding',
  'checking',
  'outline',
  'translating',
  'extracting',
  'generating',
  'variant',
  'planning',
  'rule',
] as const;

function StepLine({ run }: { run: AppRun }) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const { step } = run;
  const known = steps.find((one) => one === step?.step);
  // A word of a user's app stands as it is.
  const word = step === null ? t('step.writing') : known ? t(`step.${known}`) : step.step;
  const counted = step !== null && step.done !== null && step.total !== null;
  const line = counted
    ? t('step.of', { step: word, done: format.whole(step.done ?? 0), total: format.whole(step.total ?? 0) })
    : word;
  return (
    <div role="status" className="mb-3 flex flex-col gap-1.5 text-sm text-quiet">
      <p className="flex items-center gap-2">
        <span aria-hidden="true" className="size-1.5 rounded-full bg-accent animate-wait" />
        <span className="tabular">{line}</span>
      </p>
      {counted && step.total ? (
        <Progress value={(step.done ?? 0) / step.total} label={line} className="w-56 max-w-full" />
      ) : null}
    </div>
  );
}

function Receipt({ receipt }: { receipt: AppReceipt }) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const cost = useCostText();
  const models = useModels().data;
  const facts = [
    findModel(models, receipt.model)?.displayName ?? receipt.model,
    t('run.calls', { count: receipt.calls }),
    t('run.tokens', {
      input: format.whole(receipt.usage.input),
      output: format.whole(receipt.usage.output),
    }),
    format.duration(receipt.durationMs),
    cost(receipt.cost),
  ];
  return (
    <p className="tabular flex flex-wrap gap-x-1.5 text-xs text-quiet">
      <span>{facts.join(' · ')} ·</span>
      <Link
        to="/monitor/$traceId"
        params={{ traceId: receipt.traceId }}
        className="rounded-sm underline decoration-line underline-offset-2 hover:text-ink hover:decoration-current"
      >
        {t('run.trace')}
      </Link>
    </p>
  );
}

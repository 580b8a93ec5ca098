// One quiet line while an answer is not there yet: place in the queue, loading, reading; and that the connection is lost.
import { useTranslation } from 'react-i18next';
import { isWritten } from '../../../../../contracts/answer-parts.ts';
import { Progress } from '../../../components/ui/progress.tsx';
import { useFormat } from '../../../lib/format.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import type { WatchedRun } from '../lib/run-store.ts';

interface Line {
  text: string;
  progress: number | null;
}

function useLine(): (run: WatchedRun) => Line | null {
  const { t } = useTranslation('chat');
  const format = useFormat();
  const models = useModels().data;
  return (run) => {
    if (run.connection === 'lost') return { text: t('status.reconnecting'), progress: null };
    const call = run.call;
    switch (call?.status) {
      case 'queued':
        return {
          text: t('status.queued', { count: call.place, place: format.whole(call.place) }),
          progress: null,
        };
      case 'loading': {
        const model = findModel(models, call.model)?.displayName ?? call.model;
        return {
          text:
            call.progress === null
              ? t('status.loading', { model })
              : t('status.loading_progress', { model, percent: format.percent(call.progress) }),
          progress: call.progress,
        };
      }
      case 'reading':
        return {
          text: t('status.reading', { done: format.whole(call.done), total: format.whole(call.total) }),
          progress: call.total > 0 ? call.done / call.total : null,
        };
      case 'writing':
        return hasWords(run) ? null : { text: t('status.writing'), progress: null };
      case undefined:
        return hasWords(run) ? null : { text: t('status.waiting'), progress: null };
    }
  };
}

/** Found passages stand there before anything is written. */
const hasWords = ({ blocks }: WatchedRun) => blocks.some(isWritten);

export function AnswerStatus({ run, stopping }: { run: WatchedRun; stopping: boolean }) {
  const { t } = useTranslation('chat');
  const lineOf = useLine();
  const line = stopping ? { text: t('status.stopping'), progress: null } : lineOf(run);
  if (!line) return null;
  return (
    <div className="flex max-w-md flex-col gap-1.5 py-1 text-sm text-quiet">
      <p className="flex items-center gap-2">
        <span aria-hidden="true" className="size-1.5 rounded-full bg-accent animate-wait" />
        <span className="tabular">{line.text}</span>
      </p>
      {line.progress === null ? null : <Progress value={line.progress} label={line.text} className="w-56" />}
    </div>
  );
}

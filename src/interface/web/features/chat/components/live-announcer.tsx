// Tells a screen reader of the answer that is being written: its start, whole sentences now and then, its end.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentencesAfter } from '../lib/announce.ts';
import { isOver, partsOf, textOf } from '../lib/run-state.ts';
import { useRun } from '../lib/run-store.ts';

/** How often new sentences are read out. */
const PACE_MS = 4_000;

export function LiveAnnouncer({ runId }: { runId: string | null }) {
  const { t } = useTranslation('chat');
  const run = useRun(runId);
  const latest = useRef(run);
  latest.current = run;
  const [spoken, setSpoken] = useState('');
  const over = runId !== null && isOver(run);
  const failed = run.status === 'failed';

  useEffect(() => {
    if (runId === null) return;
    let upTo = 0;
    setSpoken(t('announce.start'));
    const timer = setInterval(() => {
      const next = sentencesAfter(textOf(partsOf(latest.current)), upTo);
      upTo = next.upTo;
      if (next.spoken !== '') setSpoken(next.spoken);
    }, PACE_MS);
    return () => {
      clearInterval(timer);
      setSpoken(t('announce.end'));
    };
  }, [runId, t]);
  useEffect(() => {
    if (over) setSpoken(t(failed ? 'announce.failed' : 'announce.end'));
  }, [over, failed, t]);

  return (
    <div role="status" aria-live="polite" className="sr-only">
      {spoken}
    </div>
  );
}

// The boxes that are at work just now, from the events of the server.
import { useEffect, useMemo, useState } from 'react';
import { onServerEvent } from '../../../../lib/events.ts';
import { litBoxes, type SeenSpans, spanEnded, spanStarted, stillLit } from '../../lib/lit-boxes.ts';

const TICK_MS = 150;

export function useLitBoxes() {
  const [seen, setSeen] = useState<SeenSpans>([]);
  useEffect(
    () =>
      onServerEvent((event) => {
        if (event.type === 'span-started') {
          const { traceId, spanId, kind } = event;
          setSeen((now) => spanStarted(now, { traceId, spanId, kind }, Date.now()));
        } else if (event.type === 'span-ended') setSeen((now) => spanEnded(now, event.spanId, Date.now()));
      }),
    [],
  );
  const any = seen.length > 0;
  useEffect(() => {
    if (!any) return;
    const timer = setInterval(() => setSeen((now) => stillLit(now, Date.now())), TICK_MS);
    return () => clearInterval(timer);
  }, [any]);
  return useMemo(() => litBoxes(seen), [seen]);
}

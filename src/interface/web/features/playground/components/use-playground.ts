// The playground's state: kept in this browser, or begun from a recorded call or models that the address names.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Trace } from '../../../../../contracts/span.ts';
import { MAX_COLUMNS } from '../../../components/answers/columns.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { api } from '../../../lib/api.ts';
import { useErrorText } from '../../../lib/error-text.ts';
import { queryKeys } from '../../../lib/query-keys.ts';
import { callOfTrace } from '../lib/from-span.ts';
import { keepState, loadState, type PlaygroundState } from '../lib/state.ts';
import type { PlaygroundSearch } from '../search.ts';

export type ChangePlayground = (change: Partial<PlaygroundState>) => void;

export function usePlayground({ view, trace, span, models }: PlaygroundSearch): {
  state: PlaygroundState;
  change: ChangePlayground;
  /** A recorded call is being fetched. */
  filling: boolean;
} {
  const { t } = useTranslation('playground');
  const say = useErrorText();
  const navigate = useNavigate();
  const [state, setState] = useState(loadState);
  useEffect(() => keepState(state), [state]);
  const change = useCallback<ChangePlayground>((part) => setState((now) => ({ ...now, ...part })), []);

  const recorded = useQuery({
    queryKey: queryKeys.trace(trace ?? ''),
    queryFn: ({ signal }) => api<Trace>(`/traces/${trace}`, { signal }),
    enabled: trace !== undefined,
  });
  const used = useRef<string | null>(null);
  const { data, error } = recorded;
  useEffect(() => {
    if (trace === undefined || (data === undefined && error === null)) return;
    const wanted = `${trace} ${span}`;
    if (used.current === wanted) return;
    used.current = wanted;
    const call = data === undefined ? null : callOfTrace(data.spans, span);
    if (call === null)
      toast({
        title: t('no_call'),
        ...(error === null ? { detail: t('no_call_why') } : { detail: say(error).title }),
        tone: 'failed',
      });
    else {
      const { model, messages, parameters } = call;
      setState((now) => ({
        ...now,
        messages,
        columns: [{ key: '1', model, parameters }],
        next: { ...now.next, model, begun: '' },
      }));
    }
    // The address gives way to what is kept, so that a reload shows what was changed since.
    void navigate({ to: '/playground', search: view ? { view } : {}, replace: true });
  }, [trace, span, view, data, error, navigate, say, t]);

  useEffect(() => {
    if (models === undefined) return;
    const columns = models
      .split(',')
      .slice(0, MAX_COLUMNS)
      .map((model, i) => ({ key: String(i + 1), model, parameters: {} }));
    setState((now) => ({ ...now, columns }));
    void navigate({ to: '/playground', search: view ? { view } : {}, replace: true });
  }, [models, view, navigate]);

  return { state, change, filling: trace !== undefined && recorded.isPending };
}

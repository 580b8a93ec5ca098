// What a training would take, asked anew a moment after the order last changed; a newer question ends the older one.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { TrainingEstimate, TrainingInput } from '../../../../../contracts/training.ts';
import { api } from '../../../lib/api.ts';

const SETTLE_MS = 500;

/** The same value once it has stood for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function useEstimate(input: TrainingInput | null) {
  const client = useQueryClient();
  // The name changes nothing of what it takes.
  const wanted = input === null ? '' : JSON.stringify({ ...input, name: 'estimate' });
  const settled = useSettled(wanted);
  const queryKey = ['training-estimate', settled];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      api<TrainingEstimate>('/training/estimate', { method: 'POST', body: JSON.parse(settled), signal }),
    enabled: settled !== '',
    staleTime: 30_000,
    retry: false,
  });
  return {
    ...query,
    /** It is of an order that has changed since. */
    behind: wanted !== settled,
    cancel: () => void client.cancelQueries({ queryKey }),
  };
}

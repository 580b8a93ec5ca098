// Counts the draft against the model's context, a moment after the last key.
import { useEffect, useState } from 'react';
import { type Count, type CountInput, useTokenCount } from '../../api/count-tokens.ts';

const PAUSE_MS = 350;

function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** `counts`: the model is known. null while there is nothing to count, or nobody knows. */
export function useContextCount(input: CountInput, counts: boolean): Count | null {
  const settled = useSettled(input, PAUSE_MS);
  const count = useTokenCount(settled, counts && settled.parts.length > 0);
  return input.parts.length > 0 && settled.parts.length > 0 ? (count.data ?? null) : null;
}

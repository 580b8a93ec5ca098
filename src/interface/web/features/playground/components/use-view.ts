// A view tells the page what "run" and "stop" mean while it is open; the keys do the same.
import { useEffect } from 'react';
import { useRunKeys } from '../../../components/answers/use-run-keys.ts';

export interface View {
  run: () => void;
  stop: () => void;
  ready: boolean;
}

export type OnView = (view: View | null) => void;

/** `run` and `stop` must keep their identity while nothing changes. */
export function useView(onView: OnView, run: () => void, stop: () => void, ready: boolean): void {
  useEffect(() => {
    onView({ run, stop, ready });
    return () => onView(null);
  }, [onView, run, stop, ready]);
  useRunKeys({ run, stop });
}

// A run of an app as the page holds it: the fold of its events. Pure.
import type { AppEvent } from '../../../../../contracts/app.ts';
import type { Notice } from '../../../../../contracts/notice.ts';

export type AppReceipt = Extract<AppEvent, { type: 'finish' }>['receipt'];

export interface AppRun {
  status: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  /** What it is doing just now. */
  step: { step: string; done: number | null; total: number | null } | null;
  notes: Notice[];
  /** Text that came before the output was whole. */
  text: string;
  /** What is known so far, then the output itself. */
  output: unknown;
  receipt: AppReceipt | null;
  error: unknown;
}

export const idleRun: AppRun = {
  status: 'idle',
  step: null,
  notes: [],
  text: '',
  output: undefined,
  receipt: null,
  error: null,
};

export function foldAppEvent(run: AppRun, event: AppEvent): AppRun {
  switch (event.type) {
    case 'status':
      return { ...run, step: { step: event.step, done: event.done, total: event.total } };
    case 'note': {
      const { type: _, ...notice } = event;
      const isKnown = run.notes.some(({ message }) => message === notice.message);
      return isKnown ? run : { ...run, notes: [...run.notes, notice] };
    }
    case 'text-delta':
      return { ...run, step: null, text: run.text + event.delta };
    case 'partial':
      return { ...run, output: event.output };
    case 'output':
      return { ...run, output: event.output, step: null };
    case 'finish':
      return { ...run, status: 'done', step: null, receipt: event.receipt };
  }
}

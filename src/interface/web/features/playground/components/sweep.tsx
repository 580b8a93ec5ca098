// Several settings by several inputs, a few at a time, as a grid that can be taken away as a file.
import Download from 'lucide-react/icons/download';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import type { AnswerBoard } from '../../../lib/answers/answer-board.ts';
import { type PlaygroundState, sentMessages } from '../lib/state.ts';
import {
  cellsOf,
  faultsOf,
  inputsOf,
  MAX_CELLS,
  MAX_SETTINGS,
  rowOf,
  runAll,
  settingsOf,
  toCsv,
  withInput,
} from '../lib/sweep.ts';
import { SweepFields } from './sweep-fields.tsx';
import { SweepGrid } from './sweep-grid.tsx';
import type { ChangePlayground } from './use-playground.ts';
import { type OnView, useView } from './use-view.ts';

/** A machine that answers itself is not made faster by more. */
const AT_ONCE = 2;

function download(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export interface SweepProps {
  state: PlaygroundState;
  change: ChangePlayground;
  board: AnswerBoard;
  onView: OnView;
}

export function Sweep({ state, change, board, onView }: SweepProps) {
  const { t } = useTranslation('playground');
  const { sweep, messages } = state;
  const settings = useMemo(() => settingsOf(sweep), [sweep]);
  const inputs = useMemo(() => inputsOf(sweep), [sweep]);
  const cells = useMemo(() => cellsOf(settings, inputs), [settings, inputs]);
  const faults = useMemo(() => faultsOf(sweep), [sweep]);
  const stopping = useRef<AbortController | null>(null);
  const tooMany = settings.length > MAX_SETTINGS || cells.length > MAX_CELLS;
  const ready = cells.length > 0 && !tooMany && faults.length === 0;

  const run = useCallback(() => {
    if (!ready || stopping.current !== null) return;
    const control = new AbortController();
    stopping.current = control;
    for (const { key } of cells) board.clear(key);
    void runAll(cells, AT_ONCE, control.signal, ({ key, setting, input }) =>
      board.run(key, {
        path: '/playground/answer',
        body: { ...setting, messages: sentMessages(withInput(messages, input)) },
      }),
    ).finally(() => {
      stopping.current = null;
    });
  }, [ready, cells, board, messages]);
  const stop = useCallback(() => {
    stopping.current?.abort();
    board.stop();
  }, [board]);
  useView(onView, run, stop, ready);

  const rows = () =>
    cells.map((cell) => rowOf(cell, board.stateOf(cell.key))).filter(({ status }) => status !== 'idle');
  const save = (kind: 'csv' | 'json') => {
    const done = rows();
    if (done.length === 0) return toast({ title: t('sweep.nothing') });
    if (kind === 'csv') download('sweep.csv', 'text/csv;charset=utf-8', toCsv(done));
    else download('sweep.json', 'application/json', JSON.stringify({ messages, rows: done }, null, 2));
  };
  return (
    <>
      <SweepFields
        plan={sweep}
        faults={faults}
        onChange={(part) => change({ sweep: { ...sweep, ...part } })}
      />
      <div className="my-4 flex flex-wrap items-center gap-2">
        <Button look="quiet" icon={<Download />} onClick={() => save('csv')}>
          CSV
        </Button>
        <Button look="quiet" icon={<Download />} onClick={() => save('json')}>
          JSON
        </Button>
        <p className={tooMany ? 'text-sm text-failed' : 'text-sm text-quiet'}>
          {tooMany
            ? t('sweep.too_many', { settings: MAX_SETTINGS, cells: MAX_CELLS })
            : t('sweep.size', { settings: settings.length, inputs: inputs.length, count: cells.length })}
        </p>
      </div>
      {cells.length > 0 && !tooMany ? (
        <SweepGrid settings={settings} inputs={inputs} cells={cells} board={board} />
      ) : (
        <p className="text-sm text-quiet">{t('sweep.empty')}</p>
      )}
    </>
  );
}

// The same conversation in up to four columns.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { type ColumnSetting, Columns } from '../../../components/answers/columns.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import type { AnswerBoard } from '../../../lib/answers/answer-board.ts';
import { type PlaygroundState, sentMessages, TOP_SHOWN } from '../lib/state.ts';
import type { ChangePlayground } from './use-playground.ts';
import { type OnView, useView } from './use-view.ts';

export interface CompareProps {
  state: PlaygroundState;
  change: ChangePlayground;
  board: AnswerBoard;
  onView: OnView;
}

export function Compare({ state, change, board, onView }: CompareProps) {
  const { t } = useTranslation('playground');
  const { messages, columns, probabilities } = state;
  const ready = sentMessages(messages).length > 0;
  const runColumn = useCallback(
    ({ key, model, parameters }: ColumnSetting) => {
      const sent = sentMessages(messages);
      if (sent.length === 0) return;
      void board.run(key, {
        path: '/playground/answer',
        body: { model, messages: sent, parameters, topLogprobs: probabilities ? TOP_SHOWN : null },
      });
    },
    [board, messages, probabilities],
  );
  const run = useCallback(() => {
    for (const column of columns) runColumn(column);
  }, [columns, runColumn]);
  const stop = useCallback(() => board.stop(), [board]);
  useView(onView, run, stop, ready);
  return (
    <>
      <div className="mb-4 flex items-center gap-3 text-sm">
        <Switch
          checked={probabilities}
          label={t('tokens.switch')}
          onChange={(on) => change({ probabilities: on })}
        />
        <span>
          {t('tokens.switch')} <span className="text-xs text-quiet">{t('tokens.switch_hint')}</span>
        </span>
      </div>
      <Columns
        board={board}
        columns={columns}
        onChange={(next) => change({ columns: next })}
        onRun={runColumn}
        coloured={probabilities}
        ready={ready}
      />
    </>
  );
}

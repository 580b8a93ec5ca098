// The grid of a sweep: an input a row, a setting a column.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AnswerBody } from '../../../components/answers/answer-body.tsx';
import { useAnswer } from '../../../components/answers/use-answer.ts';
import type { AnswerBoard } from '../../../lib/answers/answer-board.ts';
import { useCostText, useFormat } from '../../../lib/format.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import type { Cell, Setting } from '../lib/sweep.ts';

export interface SweepGridProps {
  settings: readonly Setting[];
  inputs: readonly string[];
  cells: readonly Cell[];
  board: AnswerBoard;
}

export function SweepGrid({ settings, inputs, cells, board }: SweepGridProps) {
  const { t } = useTranslation('playground');
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/useSemanticElements: the region is the frame of a table that may be wider than the page
    <div
      role="region"
      aria-label={t('sweep.grid')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the arrow keys scroll it
      tabIndex={0}
      className="overflow-x-auto rounded-md border border-line"
    >
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="bg-sunken text-left align-top">
            <th scope="col" className="sticky left-0 z-10 min-w-36 bg-sunken p-2 font-semibold">
              {t('sweep.input')}
            </th>
            {settings.map((setting) => (
              <th key={JSON.stringify(setting)} scope="col" className="min-w-60 border-l border-line p-2">
                <SettingName setting={setting} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inputs.map((input) => (
            <tr key={input} className="border-t border-line align-top">
              <th
                scope="row"
                className="sticky left-0 z-10 max-w-56 bg-paper p-2 text-left font-normal break-words"
              >
                {input}
              </th>
              {cells
                .filter((cell) => cell.input === input)
                .map((cell) => (
                  <td key={cell.key} className="border-l border-line p-2">
                    <CellView board={board} name={cell.key} />
                  </td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SettingName({ setting: { model, parameters } }: { setting: Setting }) {
  const { t } = useTranslation(['playground', 'chat']);
  const format = useFormat();
  const models = useModels().data;
  const { temperature, topP, seed, maxOutputTokens } = parameters;
  const facts = [
    temperature === undefined
      ? null
      : `${t('chat:parameter.temperature.label')} ${format.number(temperature)}`,
    topP === undefined ? null : `${t('chat:parameter.topP.label')} ${format.decimal(topP, 2)}`,
    seed === undefined ? null : `${t('chat:parameter.seed.label')} ${format.whole(seed)}`,
    maxOutputTokens === undefined ? null : t('sweep.longest', { count: maxOutputTokens }),
  ].filter((fact) => fact !== null);
  return (
    <>
      <span className="block font-semibold">{findModel(models, model)?.displayName ?? model}</span>
      <span className="block text-xs font-normal text-quiet">{facts.join(' · ')}</span>
    </>
  );
}

function CellView({ board, name }: { board: AnswerBoard; name: string }) {
  const { t } = useTranslation('playground');
  const format = useFormat();
  const costText = useCostText();
  const state = useAnswer(board, name);
  if (state.status === 'idle') return <span className="text-quiet">–</span>;
  const { receipt } = state;
  return (
    <>
      <AnswerBody state={state} coloured={false} />
      {receipt ? (
        <p className="mt-1 text-xs text-quiet tabular">
          {[
            format.duration(receipt.durationMs),
            t('facts.tokens_pair', {
              input: format.whole(receipt.usage.input),
              output: format.whole(receipt.usage.output),
            }),
            costText(receipt.cost),
          ].join(' · ')}{' '}
          ·{' '}
          <Link to="/monitor/$traceId" params={{ traceId: receipt.traceId }} className="underline">
            {t('facts.trace')}
          </Link>
        </p>
      ) : null}
    </>
  );
}

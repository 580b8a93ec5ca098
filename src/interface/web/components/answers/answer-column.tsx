// A column: a model with its settings, its answer, and what that took. The playground and the prompts show up to four.
import Play from 'lucide-react/icons/play';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import Square from 'lucide-react/icons/square';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import type { Parameters } from '../../../../contracts/model.ts';
import type { AnswerBoard } from '../../lib/answers/answer-board.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Popover } from '../ui/popover.tsx';
import { AnswerBody } from './answer-body.tsx';
import { AnswerFacts } from './answer-facts.tsx';
import { ModelSelect } from './model-select.tsx';
import { ParameterFields } from './parameter-fields.tsx';
import { useAnswer } from './use-answer.ts';

export interface AnswerColumnProps {
  board: AnswerBoard;
  /** Under which the board keeps the answer. */
  name: string;
  number: number;
  model: string;
  parameters: Parameters;
  onChange: (change: { model?: string; parameters?: Parameters }) => void;
  onRun: () => void;
  onRemove?: (() => void) | undefined;
  coloured: boolean;
  /** There is something to send. */
  ready: boolean;
}

export function AnswerColumn({
  board,
  name,
  number,
  model,
  parameters,
  onChange,
  onRun,
  onRemove,
  coloured,
  ready,
}: AnswerColumnProps) {
  const { t } = useTranslation(['playground', 'common']);
  const state = useAnswer(board, name);
  const running = state.status === 'running';
  const set = Object.keys(parameters).length;
  return (
    <section
      aria-label={t('column', { number })}
      aria-busy={running}
      className="flex min-w-0 flex-col gap-3 rounded-md border border-line bg-raised p-3"
    >
      <div className="flex items-center gap-1.5">
        <ModelSelect
          className="min-w-0 grow"
          label={t('model_of', { number })}
          value={model}
          onChange={(next) => onChange({ model: next })}
        />
        <Popover
          label={t('settings')}
          align="end"
          className="w-96"
          trigger={
            <IconButton
              label={set === 0 ? t('settings') : t('settings_set', { count: set })}
              icon={<SlidersHorizontal className={set === 0 ? '' : 'text-accent'} />}
            />
          }
        >
          <p className="mb-3 text-sm font-semibold">{t('settings')}</p>
          <ParameterFields parameters={parameters} onChange={(next) => onChange({ parameters: next })} />
        </Popover>
        {onRemove ? (
          <IconButton label={t('remove_column', { number })} icon={<X />} onClick={onRemove} />
        ) : null}
      </div>
      <div className="min-h-32 grow">
        {state.status === 'idle' ? (
          <p className="text-sm text-quiet">{t('idle')}</p>
        ) : (
          <AnswerBody state={state} coloured={coloured} onRetry={onRun} />
        )}
      </div>
      <AnswerFacts state={state} />
      <div className="flex justify-end">
        {running ? (
          <Button size="small" icon={<Square />} onClick={() => board.stop(name)}>
            {t('common:stop')}
          </Button>
        ) : (
          <Button size="small" icon={<Play />} disabled={!ready} onClick={onRun}>
            {t('run_column')}
          </Button>
        )}
      </div>
    </section>
  );
}

// The prompt with its values on up to four models side by side.
import Play from 'lucide-react/icons/play';
import Square from 'lucide-react/icons/square';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { fillPrompt, type Prompt, type PromptBody, variablesOf } from '../../../../../contracts/prompt.ts';
import { type ColumnSetting, Columns } from '../../../components/answers/columns.tsx';
import { useAnswerBoard, useAnyRunning } from '../../../components/answers/use-answer.ts';
import { useRunKeys } from '../../../components/answers/use-run-keys.ts';
import { VariableFields } from '../../../components/prompts/variable-fields.tsx';
import { Button } from '../../../components/ui/button.tsx';

export interface TryProps {
  prompt: Prompt;
  body: PromptBody;
  /** It is not saved as it is tried. */
  changed: boolean;
  values: Readonly<Record<string, string>>;
  columns: readonly ColumnSetting[];
  onValues: (values: Record<string, string>) => void;
  onColumns: (columns: ColumnSetting[]) => void;
}

export function Try({ prompt, body, changed, values, columns, onValues, onColumns }: TryProps) {
  const { t } = useTranslation(['prompts', 'playground', 'common']);
  const board = useAnswerBoard();
  const running = useAnyRunning(board);
  const variables = variablesOf(body.messages);
  const missing = variables.filter((name) => !Object.hasOwn(values, name));
  const ready = missing.length === 0;
  const { id, latest } = prompt;
  const { version } = latest;

  const runColumn = useCallback(
    ({ key, model, parameters }: ColumnSetting) => {
      const filled = fillPrompt(body.messages, values);
      if (filled.missing.length > 0) return;
      // What is saved is run by its name, so that the trace says which prompt and version it was.
      const order = changed
        ? {
            path: '/playground/answer',
            body: { model, messages: filled.messages, parameters: { ...body.parameters, ...parameters } },
          }
        : {
            path: `/prompts/${id}/run`,
            body: { version, variables: values, model, parameters, stream: true },
          };
      void board.run(key, order);
    },
    [board, body, changed, id, version, values],
  );
  const run = useCallback(() => {
    for (const column of columns) runColumn(column);
  }, [columns, runColumn]);
  const stop = useCallback(() => board.stop(), [board]);
  useRunKeys({ run, stop });

  return (
    <div className="grid items-start gap-6 lg:grid-cols-[18rem_1fr]">
      <aside aria-label={t('variables')} className="flex flex-col gap-3">
        <VariableFields variables={variables} values={values} onChange={onValues} />
        {running ? (
          <Button look="primary" icon={<Square />} onClick={stop}>
            {t('common:stop')}
          </Button>
        ) : (
          <Button
            look="primary"
            icon={<Play />}
            disabled={!ready}
            aria-keyshortcuts="Control+Enter"
            onClick={run}
          >
            {t('playground:run.compare')}
          </Button>
        )}
        <p className="text-xs text-quiet">
          {ready
            ? t(changed ? 'try_draft' : 'try_saved', { version })
            : t('try_missing', { names: missing.join(', ') })}
        </p>
      </aside>
      <div className="min-w-0">
        <Columns
          board={board}
          columns={columns}
          onChange={onColumns}
          onRun={runColumn}
          coloured={false}
          ready={ready}
        />
      </div>
    </div>
  );
}

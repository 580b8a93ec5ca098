// Up to four columns side by side; below one another on a phone.
import Plus from 'lucide-react/icons/plus';
import { useTranslation } from 'react-i18next';
import type { Parameters } from '../../../../contracts/model.ts';
import type { AnswerBoard } from '../../lib/answers/answer-board.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { AnswerColumn } from './answer-column.tsx';

export interface ColumnSetting {
  key: string;
  model: string;
  parameters: Parameters;
}

export const MAX_COLUMNS = 4;
const widths = [
  '',
  'max-w-3xl',
  'md:grid-cols-2',
  'md:grid-cols-2 xl:grid-cols-3',
  'md:grid-cols-2 xl:grid-cols-4',
];

export interface ColumnsProps {
  board: AnswerBoard;
  columns: readonly ColumnSetting[];
  onChange: (columns: ColumnSetting[]) => void;
  onRun: (column: ColumnSetting) => void;
  coloured: boolean;
  ready: boolean;
}

export function Columns({ board, columns, onChange, onRun, coloured, ready }: ColumnsProps) {
  const { t } = useTranslation('playground');
  const last = columns.at(-1);
  const add = () => {
    const taken = new Set(columns.map(({ key }) => key));
    const key = ['1', '2', '3', '4'].find((one) => !taken.has(one)) ?? '5';
    onChange([...columns, { key, model: last?.model ?? 'default', parameters: { ...last?.parameters } }]);
  };
  return (
    <>
      <div className={cx('grid items-stretch gap-3', widths[columns.length])}>
        {columns.map((column, index) => (
          <AnswerColumn
            key={column.key}
            board={board}
            name={column.key}
            number={index + 1}
            model={column.model}
            parameters={column.parameters}
            coloured={coloured}
            ready={ready}
            onRun={() => onRun(column)}
            onChange={(change) =>
              onChange(columns.map((one) => (one.key === column.key ? { ...one, ...change } : one)))
            }
            onRemove={
              columns.length === 1
                ? undefined
                : () => {
                    board.clear(column.key);
                    onChange(columns.filter((one) => one.key !== column.key));
                  }
            }
          />
        ))}
      </div>
      {columns.length < MAX_COLUMNS ? (
        <Button size="small" look="quiet" icon={<Plus />} className="mt-3" onClick={add}>
          {t('add_column')}
        </Button>
      ) : null}
    </>
  );
}

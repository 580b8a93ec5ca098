// The box of a task list: it shows what the answer says and cannot be changed.
import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';

export function TaskMark({ type, checked }: ComponentProps<'input'>) {
  const { t } = useTranslation('chat');
  if (type !== 'checkbox') return null;
  return (
    <input
      type="checkbox"
      disabled
      readOnly
      checked={checked === true}
      aria-label={t(checked ? 'task.done' : 'task.open')}
    />
  );
}

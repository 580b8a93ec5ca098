// An attached text file: its name, its size, and a way to take it off again.
import FileText from 'lucide-react/icons/file-text';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../lib/format.ts';

export function FileChip({ name, size, onRemove }: { name: string; size: number; onRemove?: () => void }) {
  const { t } = useTranslation('chat');
  const format = useFormat();
  return (
    <span className="inline-flex h-8 max-w-64 items-center gap-1.5 rounded-md border border-line bg-paper pr-2 pl-2 text-sm">
      <FileText aria-hidden="true" className="size-4 shrink-0 text-quiet" />
      <span className="truncate" title={name}>
        {name}
      </span>
      <span className="shrink-0 text-xs text-quiet">
        {size < 1000 ? format.bytes(size) : format.size(size)}
      </span>
      {onRemove ? (
        <button
          type="button"
          onClick={onRemove}
          aria-label={t('attach.remove', { name })}
          className="-mr-1 rounded-sm p-1 text-quiet hover:bg-sunken hover:text-ink"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      ) : null}
    </span>
  );
}

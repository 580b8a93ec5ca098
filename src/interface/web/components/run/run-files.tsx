// The files that a run wrote, as downloads.
import FileDown from 'lucide-react/icons/file-down';
import { useTranslation } from 'react-i18next';
import { runFileAddress, useRunFiles } from '../../lib/agent-queries.ts';
import { useFormat } from '../../lib/format.ts';

export function RunFiles({ runId }: { runId: string }) {
  const { t } = useTranslation('run');
  const format = useFormat();
  const files = useRunFiles(runId, true).data ?? [];
  if (files.length === 0) return null;
  return (
    <ul aria-label={t('files.title')} className="mt-3 flex flex-wrap gap-2">
      {files.map((file) => (
        <li key={file.path} className="max-w-full">
          <a
            href={runFileAddress(runId, file.path)}
            download={file.path.split('/').at(-1)}
            aria-label={t('files.download', { name: file.path })}
            className="inline-flex max-w-full items-center gap-2 rounded-md border border-control bg-raised px-2.5 py-1.5 text-sm hover:bg-sunken"
          >
            <FileDown className="size-4 shrink-0 text-accent" aria-hidden="true" />
            <span className="min-w-0 truncate">{file.path}</span>
            <span className="tabular shrink-0 text-xs text-quiet">{format.bytes(file.bytes)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

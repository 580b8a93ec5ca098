// Examples from a file: chosen or dropped, its shape recognised or told, and what came of each line.
import FileUp from 'lucide-react/icons/file-up';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Progress } from '../../../components/ui/progress.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useImportFile } from '../api/import-file.ts';
import { type FileShape, shapesOf } from '../lib/shapes.ts';
import { ImportReportView } from './import-report.tsx';

const AUTO = 'auto';

export interface ImportDialogProps {
  dataset: Dataset;
  /** What was dropped on the page. */
  dropped: readonly File[];
  onClose: () => void;
}

export function ImportDialog({ dataset, dropped, onClose }: ImportDialogProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const format = useFormat();
  const chooser = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(dropped[0] ?? null);
  const [shape, setShape] = useState<FileShape | typeof AUTO>(AUTO);
  const read = useImportFile(dataset.id);
  const { reset } = read;
  useEffect(() => {
    const [first] = dropped;
    if (!first) return;
    setFile(first);
    reset();
  }, [dropped, reset]);
  const take = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    reset();
  };
  const start = () => {
    if (file) read.mutate({ file, shape: shape === AUTO ? null : shape });
  };
  const done = read.data !== undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !read.isPending && onClose()}
      title={t(done ? 'report.title' : 'import.title')}
      {...(done ? {} : { description: t('import.about') })}
      actions={
        done ? (
          <>
            <Button
              onClick={() => {
                setFile(null);
                reset();
              }}
            >
              {t('import.another')}
            </Button>
            <Button look="primary" onClick={onClose}>
              {t('common:close')}
            </Button>
          </>
        ) : (
          <>
            <Button look="quiet" disabled={read.isPending} onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button look="primary" disabled={file === null} busy={read.isPending} onClick={start}>
              {t('import.start')}
            </Button>
          </>
        )
      }
    >
      <input
        ref={chooser}
        type="file"
        hidden
        accept=".jsonl,.ndjson,.json,.csv,.tsv,.txt"
        aria-label={t('import.choose')}
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {done ? (
        <ImportReportView report={read.data} name={file?.name ?? dataset.name} />
      ) : (
        <div className="flex flex-col gap-4">
          <div className="flex flex-wrap items-center gap-3 rounded-md border border-dashed border-control px-4 py-3">
            <span className="min-w-0 grow text-sm break-words">
              {file ? (
                <>
                  <span className="font-semibold">{file.name}</span>{' '}
                  <span className="text-quiet tabular">{format.size(file.size)}</span>
                </>
              ) : (
                <span className="text-quiet">{t('import.drop')}</span>
              )}
            </span>
            <Button
              size="small"
              icon={<FileUp />}
              disabled={read.isPending}
              onClick={() => chooser.current?.click()}
            >
              {t('import.choose')}
            </Button>
          </div>
          {dropped.length > 1 && file === dropped[0] ? (
            <p className="text-xs text-needs">{t('import.one_file', { name: file.name })}</p>
          ) : null}
          <Field label={t('import.shape')}>
            {(control) => (
              <Select<FileShape | typeof AUTO>
                {...control}
                value={shape}
                onChange={setShape}
                options={[
                  { value: AUTO, label: t('import.shape_auto'), hint: t('import.shape_auto_about') },
                  ...shapesOf[dataset.kind].map((value) => ({
                    value,
                    label: t(`import.shapes.${value}`),
                    hint: t(`import.shapes_about.${value}`),
                  })),
                ]}
              />
            )}
          </Field>
          {read.isPending ? (
            <div role="status" className="flex flex-col gap-1">
              <p className="text-xs text-quiet">{t('import.reading', { name: file?.name ?? '' })}</p>
              <Progress value={null} label={t('import.reading', { name: file?.name ?? '' })} />
            </div>
          ) : null}
          {read.error ? <ErrorState error={read.error} onRetry={start} /> : null}
        </div>
      )}
    </Dialog>
  );
}

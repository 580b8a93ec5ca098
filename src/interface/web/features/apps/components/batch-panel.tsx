// An app over the rows of a CSV file: where each field comes from, and the batches with their progress and results.
import Download from 'lucide-react/icons/download';
import FileSpreadsheet from 'lucide-react/icons/file-spreadsheet';
import Play from 'lucide-react/icons/play';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppBatch, AppInfo } from '../../../../../contracts/app.ts';
import { Rows } from '../../../components/page.tsx';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Progress } from '../../../components/ui/progress.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useFormat } from '../../../lib/format.ts';
import { findModel, useModels, useTasks } from '../../../lib/queries.ts';
import { isOpen } from '../../../lib/task-figures.ts';
import { batchAddress, useBatches, useStartBatch } from '../api/batches.ts';
import { type CsvHead, readCsvHead } from '../lib/csv-head.ts';
import { useFieldWords } from '../lib/field-words.ts';
import { cleaned, type FormField, type FormValue, fieldsOf, isPlain, startOf } from '../lib/form-fields.ts';
import { ModelChoice } from './model-choice.tsx';
import { FormRow } from './schema-form.tsx';

/** Enough of a file for its head, however long the first row is. */
const HEAD_BYTES = 64 * 1024;
const FIXED = '(fixed)';

export function BatchPanel({ app }: { app: AppInfo }) {
  const { t } = useTranslation('apps');
  const [picked, setPicked] = useState<{ file: File; head: CsvHead | null } | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const pick = async (file: File) =>
    setPicked({ file, head: readCsvHead(await file.slice(0, HEAD_BYTES).text()) });
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <p className="max-w-2xl text-sm text-quiet">{t('batch.lead')}</p>
      <div className="flex flex-wrap items-center gap-3">
        <input
          ref={chooser}
          type="file"
          accept=".csv,text/csv"
          hidden
          aria-label={t('batch.file')}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) void pick(file);
          }}
        />
        <Button icon={<FileSpreadsheet />} onClick={() => chooser.current?.click()}>
          {t('batch.choose')}
        </Button>
        <p className="text-sm text-quiet">{picked?.file.name ?? t('batch.drop')}</p>
      </div>
      {picked && !picked.head ? (
        <p role="alert" className="text-sm text-failed">
          {t('batch.unreadable')}
        </p>
      ) : null}
      {picked?.head ? (
        <BatchForm
          key={picked.file.name + picked.file.size}
          app={app}
          file={picked.file}
          head={picked.head}
          onStarted={() => setPicked(null)}
        />
      ) : null}
      <BatchList app={app} />
    </div>
  );
}

interface BatchFormProps {
  app: AppInfo;
  file: File;
  head: CsvHead;
  onStarted: () => void;
}

/** A column of the same name is taken; the first text that is needed gets the column with the longest one. */
function guessed(fields: readonly FormField[], head: CsvHead): Record<string, string> {
  const columns = head.columns.filter((name) => name !== '');
  const length = (column: string) => head.first[head.columns.indexOf(column)]?.length ?? 0;
  const found: Record<string, string> = {};
  for (const field of fields) {
    const same = columns.find((column) => column.toLowerCase() === field.name.toLowerCase());
    if (same) found[field.name] = same;
  }
  const needed = fields.find((field) => field.required && found[field.name] === undefined);
  const [free] = columns
    .filter((column) => !Object.values(found).includes(column))
    .sort((a, b) => length(b) - length(a));
  if (needed && free) found[needed.name] = free;
  return found;
}

function BatchForm({ app, file, head, onStarted }: BatchFormProps) {
  const { t } = useTranslation('apps');
  const words = useFieldWords(app);
  const fields = useMemo(() => fieldsOf(app.inputSchema), [app.inputSchema]);
  const columns = head.columns.filter((name) => name !== '');
  const [map, setMap] = useState(() => guessed(fields, head));
  const [value, setValue] = useState<FormValue>(() => startOf(fields));
  const [model, setModel] = useState('default');
  const start = useStartBatch();
  const fixedFields = fields.filter((field) => map[field.name] === undefined);
  const fixed = cleaned(value, fixedFields);
  const missing = fixedFields.filter((field) => field.required && fixed[field.name] === undefined);
  const submit = () =>
    start.mutate(
      { app: app.name, file, columns: map, fixed, model },
      {
        onSuccess: () => {
          toast({ title: t('batch.started'), durationMs: 4000 });
          onStarted();
        },
      },
    );
  /** Decided once: a field that gets a column stays where it stands. */
  const [front] = useState(() => new Set(Object.keys(map)));
  const atFirst = (field: FormField) => isPlain(field, app.name) || front.has(field.name);
  const row = (field: FormField) => {
    const column = map[field.name];
    const sample = column === undefined ? '' : (head.first[head.columns.indexOf(column)] ?? '');
    return (
      <li key={field.name} className="flex flex-col gap-2 px-4 py-3">
        <div className="grid items-center gap-x-4 gap-y-1.5 sm:grid-cols-[10rem_minmax(0,1fr)]">
          <span className="text-sm font-semibold">{words.label(field)}</span>
          <Select
            label={t('batch.column', { field: words.label(field) })}
            value={column ?? FIXED}
            options={[
              { value: FIXED, label: t('batch.fixed') },
              ...columns.map((name) => ({ value: name, label: name })),
            ]}
            onChange={(next) => {
              const { [field.name]: _, ...rest } = map;
              setMap(next === FIXED ? rest : { ...rest, [field.name]: next });
            }}
          />
        </div>
        {column === undefined ? (
          <div className="[&_label:first-child]:sr-only [&_legend]:sr-only">
            <FormRow
              field={field}
              value={value[field.name]}
              words={words}
              faults={[]}
              onChange={(next) => setValue({ ...value, [field.name]: next })}
            />
          </div>
        ) : sample === '' ? null : (
          <p className="truncate text-xs text-quiet" title={sample}>
            {t('batch.preview', { value: sample })}
          </p>
        )}
      </li>
    );
  };
  return (
    <section aria-label={t('batch.columns')} className="flex flex-col gap-4">
      <h3 className="text-base font-semibold">{t('batch.columns')}</h3>
      <ul className="divide-y divide-line rounded-md border border-line bg-raised">
        {fields.filter((field) => atFirst(field)).map(row)}
      </ul>
      {fields.every(atFirst) ? null : (
        <details>
          <summary className="w-fit rounded-sm text-sm text-quiet hover:text-ink">{t('run.more')}</summary>
          <ul className="mt-3 divide-y divide-line rounded-md border border-line bg-raised">
            {fields.filter((field) => !atFirst(field)).map(row)}
          </ul>
        </details>
      )}
      <ModelChoice model={model} onChange={setModel} />
      {missing.length > 0 ? (
        <p role="status" className="text-sm text-needs">
          {t('batch.missing', { fields: missing.map((field) => words.label(field)).join(', ') })}
        </p>
      ) : null}
      {start.error ? <ErrorState error={start.error} /> : null}
      <div>
        <Button
          look="primary"
          icon={<Play />}
          disabled={missing.length > 0}
          busy={start.isPending}
          onClick={submit}
        >
          {t('batch.start')}
        </Button>
      </div>
    </section>
  );
}

function BatchList({ app }: { app: AppInfo }) {
  const { t } = useTranslation(['apps', 'common']);
  const tasks = useTasks().data ?? [];
  const working = tasks.some((task) => task.kind === 'apps.batch' && isOpen(task));
  const { data, error, refetch } = useBatches(app.name, working);
  return (
    <section aria-label={t('batch.list')}>
      <h3 className="mb-2 text-base font-semibold">{t('batch.list')}</h3>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows rows={2} label={t('common:loading')} /> : null}
      {data?.length === 0 ? <p className="text-sm text-quiet">{t('batch.empty')}</p> : null}
      {data && data.length > 0 ? (
        <Rows label={t('batch.list')}>
          {data.map((batch) => (
            <BatchRow
              key={batch.id}
              batch={batch}
              working={tasks.some((task) => task.id === batch.taskId && isOpen(task))}
            />
          ))}
        </Rows>
      ) : null}
    </section>
  );
}

function BatchRow({ batch, working }: { batch: AppBatch; working: boolean }) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const models = useModels().data;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-48 grow">
        <p className="truncate font-semibold">{batch.fileName}</p>
        <p className="tabular text-xs text-quiet">
          {[
            t('batch.state', { done: format.whole(batch.done), rows: format.whole(batch.rows) }),
            findModel(models, batch.model)?.displayName ?? batch.model,
            format.when(batch.createdAt),
          ].join(' · ')}
        </p>
        {batch.failed > 0 ? (
          <p className="text-xs text-failed">{t('batch.failed', { count: batch.failed })}</p>
        ) : null}
        {working ? (
          <Progress
            className="mt-1.5"
            value={batch.rows > 0 ? batch.done / batch.rows : null}
            label={batch.fileName}
          />
        ) : null}
      </div>
      <a href={batchAddress(batch.id)} download className={buttonClass('secondary', 'small')}>
        <Download aria-hidden="true" />
        {t('batch.download')}
      </a>
    </li>
  );
}

// What a training made: the model that can be asked, its files with their figures, and what to do with it next.
import { Link } from '@tanstack/react-router';
import Ellipsis from 'lucide-react/icons/ellipsis';
import FlaskConical from 'lucide-react/icons/flask-conical';
import Scale from 'lucide-react/icons/scale';
import Trash2 from 'lucide-react/icons/trash-2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import type { TunedModel } from '../../../../../contracts/tuned-model.ts';
import { ConfirmByName } from '../../../components/confirm-by-name.tsx';
import { TaskProgress } from '../../../components/task-progress.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useTasks } from '../../../lib/queries.ts';
import { isOpen } from '../../../lib/task-figures.ts';
import { useRemoveTunedModel } from '../api/tuned-models.ts';
import { ForgottenMark } from './forgotten-mark.tsx';
import { MakeFile } from './make-file.tsx';
import { ParityMark } from './parity-mark.tsx';

const head = 'px-3 py-2 text-right text-xs font-semibold text-quiet whitespace-nowrap';
const cell = 'tabular px-3 py-2.5 text-right align-top whitespace-nowrap';
const wide = 'hidden md:table-cell';

export function TunedModelCard({ model, run }: { model: TunedModel; run: TrainingRun }) {
  const { t } = useTranslation(['training', 'common']);
  const format = useFormat();
  const [deleting, setDeleting] = useState(false);
  const remove = useRemoveTunedModel(model.id);
  const tasks = (useTasks().data ?? []).filter(
    (task) => isOpen(task) && Object.values(task.payload).some((value) => value === model.id),
  );
  return (
    <section aria-label={t('tuned.title')} className="mb-10 rounded-md border border-line bg-raised">
      <header className="flex flex-wrap items-start justify-between gap-3 px-4 pt-4 pb-3">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">{t('tuned.title')}</h2>
          <p className="font-mono text-sm break-all">{model.model}</p>
          <p className="mt-1 text-sm text-quiet">{t('tuned.lead')}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Link
            to="/playground"
            search={{ models: `${model.base},${model.model}` }}
            className={buttonClass('secondary')}
          >
            <FlaskConical aria-hidden="true" />
            {t('tuned.try')}
          </Link>
          <Link
            to="/improve/evaluations/new"
            search={{
              dataset: run.input.dataset.id,
              ...(run.input.dataset.version ? { version: run.input.dataset.version } : {}),
              split: 'test',
              models: `${model.base},${model.model}`,
            }}
            className={buttonClass('primary')}
          >
            <Scale aria-hidden="true" />
            {t('tuned.compare')}
          </Link>
          <Menu
            trigger={<IconButton label={t('common:more')} icon={<Ellipsis />} />}
            items={[
              {
                label: t('tuned.delete'),
                icon: <Trash2 />,
                danger: true,
                onSelect: () => setDeleting(true),
              },
            ]}
          />
        </div>
      </header>
      {model.forgottenPeople ? <ForgottenMark people={model.forgottenPeople} className="mx-4 mb-3" /> : null}
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t('tuned.files')}
        className="overflow-x-auto border-t border-line"
      >
        <table className="w-full border-collapse text-sm">
          <caption className="sr-only">{t('tuned.files')}</caption>
          <thead className="bg-sunken">
            <tr>
              <th className={`${head} text-left!`}>{t('tuned.column.form')}</th>
              <th className={`${head} text-left!`} title={t('tuned.hint.parity')}>
                {t('tuned.column.parity')}
              </th>
              <th className={`${head} ${wide}`}>{t('tuned.column.size')}</th>
              <th className={`${head} ${wide}`} title={t('tuned.hint.speed')}>
                {t('tuned.column.speed')}
              </th>
              <th className={`${head} ${wide}`} title={t('tuned.hint.perplexity')}>
                {t('tuned.column.perplexity')}
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {model.files.map((file) => (
              <tr key={`${file.form} ${file.quantisation}`}>
                <th scope="row" className="px-3 py-2.5 text-left align-top font-normal">
                  <span className="whitespace-nowrap">
                    {t(`form.${file.form}`)}, {file.quantisation}
                  </span>
                  {file.model === null ? (
                    <span className="block text-xs text-quiet">{t('tuned.not_asked')}</span>
                  ) : (
                    <span className="block font-mono text-xs break-all text-quiet">{file.model}</span>
                  )}
                  <span className="tabular mt-1 block text-xs text-quiet md:hidden">
                    {[
                      format.size(file.sizeBytes),
                      !file.tokensPerSecond
                        ? null
                        : t('speed', { value: format.perSecond(file.tokensPerSecond) }),
                      file.perplexity === null
                        ? null
                        : t('tuned.perplexity', { value: format.decimal(file.perplexity, 2) }),
                    ]
                      .filter((part) => part !== null)
                      .join(' · ')}
                  </span>
                </th>
                <td className="px-3 py-2.5 align-top md:min-w-56">
                  <ParityMark file={file} />
                </td>
                <td className={`${cell} ${wide}`}>{format.size(file.sizeBytes)}</td>
                <td className={`${cell} ${wide}`}>
                  {!file.tokensPerSecond
                    ? '–'
                    : t('speed', { value: format.perSecond(file.tokensPerSecond) })}
                </td>
                <td className={`${cell} ${wide}`}>
                  {file.perplexity === null ? '–' : format.decimal(file.perplexity, 2)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <footer className="flex flex-col gap-3 border-t border-line px-4 py-3">
        {tasks.map((task) => (
          <div key={task.id}>
            <p className="text-xs">{task.title}</p>
            <TaskProgress task={task} />
          </div>
        ))}
        <MakeFile model={model} adaptation={run.input.adaptation} />
      </footer>
      {deleting ? (
        <ConfirmByName
          open
          onOpenChange={setDeleting}
          title={t('tuned.delete')}
          text={t('tuned.delete_text', { model: model.model })}
          name={model.name}
          verb={t('common:delete')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => setDeleting(false) })}
        />
      ) : null}
    </section>
  );
}

/** The run is complete, and its model is not there any more, or could not be read. */
export function TunedModelMissing({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation('training');
  if (error) return <ErrorState className="mb-8" error={error} onRetry={onRetry} />;
  return <p className="mb-8 text-sm text-quiet">{t('tuned.gone')}</p>;
}

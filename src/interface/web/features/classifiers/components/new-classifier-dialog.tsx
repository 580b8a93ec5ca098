// A new classifier: of which labels, under which name.
import { Link } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { asError } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { useDatasets } from '../../../lib/learning.ts';
import { useModels } from '../../../lib/queries.ts';
import { useTrainClassifier } from '../api/classifiers.ts';
import { classifierName, isClassifierName } from '../lib/classifier-name.ts';

/** The model that documents use. */
const OWN = 'own';

export interface NewClassifierDialogProps {
  /** Empty: nothing is chosen yet. */
  datasetId: string;
  version?: number;
  onClose: () => void;
}

export function NewClassifierDialog({ datasetId, version: asked, onClose }: NewClassifierDialogProps) {
  const { t } = useTranslation(['classifiers', 'common']);
  const format = useFormat();
  const form = useId();
  const datasets = useDatasets();
  const train = useTrainClassifier();
  const [chosen, setChosen] = useState(datasetId);
  const [versionWord, setVersionWord] = useState(asked === undefined ? '' : String(asked));
  const [written, setWritten] = useState<string | null>(null);
  const [embedding, setEmbedding] = useState(OWN);
  const embeddings = (useModels().data?.models ?? []).filter(({ kind }) => kind === 'embedding');
  const [search, setSearch] = useState(false);
  const [tried, setTried] = useState(false);
  const fitting = (datasets.data ?? []).filter(
    ({ kind, versions }) => kind === 'labels' && versions.length > 0,
  );
  const dataset = fitting.find(({ id }) => id === chosen) ?? fitting[0];
  const version =
    dataset?.versions.find((one) => String(one.version) === versionWord) ?? dataset?.versions[0];
  // As long as nobody wrote one, the dataset's own name.
  const name = written ?? classifierName(dataset?.name ?? '');
  const badName = !isClassifierName(name);
  const taken = train.error !== null && asError(train.error).code === 'conflict';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!dataset || !version || badName || train.isPending) return;
    train.mutate(
      {
        name,
        dataset: { id: dataset.id, version: version.version },
        ...(embedding === OWN ? {} : { embeddingModel: embedding }),
        ...(search ? { strength: null } : {}),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('new')}
      description={t('form.about')}
      actions={
        fitting.length === 0 ? null : (
          <>
            <Button look="quiet" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button look="primary" type="submit" form={form} busy={train.isPending}>
              {t('form.start')}
            </Button>
          </>
        )
      }
    >
      {datasets.error && !datasets.data ? (
        <ErrorState error={datasets.error} onRetry={() => void datasets.refetch()} />
      ) : datasets.isPending ? (
        <SkeletonRows rows={2} label={t('common:loading')} />
      ) : fitting.length === 0 ? (
        <div className="flex flex-col items-start gap-3 text-sm">
          <p>{t('form.no_dataset')}</p>
          <Link to="/improve/datasets" className={buttonClass('primary')}>
            {t('form.to_datasets')}
          </Link>
        </div>
      ) : (
        <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
          <Field label={t('form.dataset')}>
            {(control) => (
              <Select
                {...control}
                value={dataset?.id ?? ''}
                onChange={(id) => {
                  setChosen(id);
                  setVersionWord('');
                }}
                options={fitting.map(({ id, name: label }) => ({ value: id, label }))}
              />
            )}
          </Field>
          <Field label={t('form.version')}>
            {(control) => (
              <Select
                {...control}
                value={String(version?.version ?? '')}
                onChange={setVersionWord}
                options={(dataset?.versions ?? []).map((one) => ({
                  value: String(one.version),
                  label: t('form.version_of', { version: one.version }),
                  hint: [t('row.examples', { count: one.examples, n: format.whole(one.examples) }), one.note]
                    .filter((part) => part !== '')
                    .join(' · '),
                }))}
              />
            )}
          </Field>
          <Field
            label={t('form.name')}
            hint={t('form.name_hint')}
            error={taken ? t('form.name_taken') : tried && badName ? t('form.name_wrong') : null}
          >
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                value={name}
                maxLength={63}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => {
                  train.reset();
                  setWritten(event.target.value);
                }}
              />
            )}
          </Field>
          <Field label={t('form.embedding')} hint={t('form.embedding_hint')}>
            {(control) => (
              <Select
                {...control}
                value={embedding}
                onChange={setEmbedding}
                options={[
                  { value: OWN, label: t('form.embedding_own') },
                  ...embeddings.map(({ id, displayName }) => ({ value: id, label: displayName, hint: id })),
                ]}
              />
            )}
          </Field>
          <label className="flex items-start gap-2.5 text-sm">
            <input
              type="checkbox"
              className="mt-0.5 size-4 shrink-0 accent-accent"
              checked={search}
              onChange={(event) => setSearch(event.target.checked)}
            />
            <span>
              {t('form.search')}
              <span className="block text-xs text-quiet">{t('form.search_hint')}</span>
            </span>
          </label>
          {train.error && !taken ? <ErrorState error={train.error} /> : null}
        </form>
      )}
    </Dialog>
  );
}

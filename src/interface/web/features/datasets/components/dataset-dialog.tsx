// Begins a dataset, or renames and describes one: kind, purpose and shares are for good.
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type Dataset,
  type DatasetInput,
  type DatasetKind,
  datasetKinds,
} from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Choices } from '../../../components/ui/choices.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { asError } from '../../../lib/error-text.ts';
import { useCreateDataset, useUpdateDataset } from '../api/dataset.ts';
import { ShareFields, type SharesPercent, sharesOf, sumOf } from './share-fields.tsx';

export interface DatasetDialogProps {
  /** Absent: a new one. */
  dataset?: Dataset;
  onClose: () => void;
  onSaved?: (dataset: Dataset) => void;
}

export function DatasetDialog({ dataset, onClose, onSaved }: DatasetDialogProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const form = useId();
  const create = useCreateDataset();
  const update = useUpdateDataset(dataset?.id ?? '');
  const [name, setName] = useState(dataset?.name ?? '');
  const [description, setDescription] = useState(dataset?.description ?? '');
  const [kind, setKind] = useState<DatasetKind>('chat');
  const [purpose, setPurpose] = useState<Dataset['purpose']>('training');
  const [shares, setShares] = useState<SharesPercent>({ train: 80, validation: 10, test: 10 });
  const [tried, setTried] = useState(false);
  const error = create.error ?? update.error;
  const taken = error !== null && asError(error).code === 'conflict';
  const unnamed = name.trim() === '';
  const wrongShares = purpose === 'training' && sumOf(shares) !== 100;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (unnamed || (!dataset && wrongShares) || create.isPending || update.isPending) return;
    const done = {
      onSuccess: (saved: Dataset) => {
        onClose();
        onSaved?.(saved);
      },
    };
    const words = { name: name.trim(), description: description.trim() };
    if (dataset) return update.mutate(words, done);
    const input: DatasetInput = {
      ...words,
      kind,
      purpose,
      // An evaluation dataset only asks: all of it is the test.
      shares: purpose === 'evaluation' ? { train: 0, validation: 0, test: 1 } : sharesOf(shares),
    };
    create.mutate(input, done);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(dataset ? 'form.edit' : 'form.new')}
      width={dataset ? 'narrow' : 'wide'}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form={form} busy={create.isPending || update.isPending}>
            {t(dataset ? 'common:save' : 'create')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <Field
          label={t('form.name')}
          error={taken ? t('form.name_taken') : tried && unnamed ? t('form.name_missing') : null}
        >
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={120}
              autoComplete="off"
              placeholder={t('form.name_example')}
              onChange={(event) => {
                create.reset();
                update.reset();
                setName(event.target.value);
              }}
            />
          )}
        </Field>
        {dataset ? null : (
          <>
            <Choices
              label={t('form.kind')}
              value={kind}
              onChange={setKind}
              options={datasetKinds.map((value) => ({
                value,
                label: t(`kind.${value}`),
                about: t(`kind_about.${value}`),
              }))}
            />
            <Choices
              label={t('form.purpose')}
              value={purpose}
              onChange={setPurpose}
              options={(['training', 'evaluation'] as const).map((value) => ({
                value,
                label: t(`purpose.${value}`),
                about: t(`purpose_about.${value}`),
              }))}
            />
            {purpose === 'training' ? <ShareFields shares={shares} onChange={setShares} /> : null}
          </>
        )}
        <Field label={t('form.description')} hint={t('form.description_hint')}>
          {(control) => (
            <Textarea
              {...control}
              value={description}
              maxLength={2000}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        {error && !taken ? <ErrorState error={error} /> : null}
      </form>
    </Dialog>
  );
}

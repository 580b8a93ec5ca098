// Begins a collection, or renames and describes one.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { useSaveCollection } from '../../../lib/knowledge/collections.ts';

export interface CollectionDialogProps {
  /** Absent: a new one. */
  collection?: Collection;
  onClose: () => void;
  onSaved?: (collection: Collection) => void;
}

export function CollectionDialog({ collection, onClose, onSaved }: CollectionDialogProps) {
  const { t } = useTranslation(['knowledge', 'common']);
  const [name, setName] = useState(collection?.name ?? '');
  const [description, setDescription] = useState(collection?.description ?? '');
  const [touched, setTouched] = useState(false);
  const save = useSaveCollection();
  const empty = name.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (empty || save.isPending) return;
    save.mutate(
      { id: collection?.id ?? null, input: { name: name.trim(), description: description.trim() } },
      {
        onSuccess: (saved) => {
          onClose();
          onSaved?.(saved);
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(collection ? 'collection.edit' : 'collection.new')}
      {...(collection ? {} : { description: t('collection.about') })}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="collection" busy={save.isPending}>
            {t(collection ? 'common:save' : 'collection.create')}
          </Button>
        </>
      }
    >
      <form id="collection" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field label={t('collection.name')} error={touched && empty ? t('collection.name_missing') : null}>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={200}
              placeholder={t('collection.name_example')}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('collection.description')} hint={t('collection.description_hint')}>
          {(control) => (
            <Textarea
              {...control}
              value={description}
              maxLength={2000}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

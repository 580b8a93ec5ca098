// Adds a folder of the machine that Atelier runs on, by its path: nothing is sent, the originals are copied.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { useAddFolder } from '../api/add-folder.ts';

export function FolderDialog({ collectionId, onClose }: { collectionId: string; onClose: () => void }) {
  const { t } = useTranslation(['knowledge', 'common']);
  const [path, setPath] = useState('');
  const [touched, setTouched] = useState(false);
  const add = useAddFolder(collectionId);
  const empty = path.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!empty && !add.isPending) add.mutate(path.trim(), { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('machine.title')}
      description={t('machine.about')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="folder" busy={add.isPending}>
            {t('common:add')}
          </Button>
        </>
      }
    >
      <form id="folder" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field
          label={t('machine.field')}
          hint={t('machine.hint')}
          error={touched && empty ? t('machine.missing') : null}
        >
          {(control) => (
            <Input
              {...control}
              value={path}
              autoComplete="off"
              spellCheck={false}
              placeholder={t('machine.example')}
              onChange={(event) => {
                setPath(event.target.value);
                add.reset();
              }}
            />
          )}
        </Field>
        {add.error ? <ErrorState error={add.error} /> : null}
      </form>
    </Dialog>
  );
}

// Adds what stands at one web address.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useAddAddress } from '../api/add-address.ts';
import { webAddress } from '../lib/web-address.ts';

export function AddressDialog({ collectionId, onClose }: { collectionId: string; onClose: () => void }) {
  const { t } = useTranslation(['knowledge', 'common']);
  const [text, setText] = useState('');
  const [touched, setTouched] = useState(false);
  const add = useAddAddress(collectionId);
  const address = webAddress(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (address === null || add.isPending) return;
    add.mutate(address, {
      onSuccess: (added) => {
        onClose();
        if (added.documents.length === 0) toast({ title: t('add.unchanged'), detail: address });
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('address.title')}
      description={t('address.about')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="address" busy={add.isPending}>
            {t('common:add')}
          </Button>
        </>
      }
    >
      <form id="address" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field label={t('address.field')} error={touched && address === null ? t('address.wrong') : null}>
          {(control) => (
            <Input
              {...control}
              value={text}
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="https://"
              onChange={(event) => {
                setText(event.target.value);
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

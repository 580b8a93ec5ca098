// Saves what was edited as the next version, with a note on what changed.
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Prompt, PromptBody } from '../../../../../contracts/prompt.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { useAddVersion } from '../api/prompts.ts';

export interface SaveDialogProps {
  prompt: Prompt;
  body: PromptBody;
  onClose: () => void;
  onSaved: () => void;
}

export function SaveDialog({ prompt, body, onClose, onSaved }: SaveDialogProps) {
  const { t } = useTranslation(['prompts', 'common']);
  const form = useId();
  const [note, setNote] = useState('');
  const add = useAddVersion(prompt.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { body, note: note.trim() },
      {
        onSuccess: () => {
          onSaved();
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('save_as', { version: prompt.latest.version + 1 })}
      description={t('save_about')}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" type="submit" form={form} busy={add.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t('note')} hint={t('note_hint')}>
          {(control) => (
            <Input
              {...control}
              value={note}
              maxLength={500}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        {add.error ? <ErrorState error={add.error} /> : null}
      </form>
    </Dialog>
  );
}

// A prompt's name, by which programs call it, and what it is for.
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Prompt, promptNameSchema } from '../../../../../contracts/prompt.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { asError } from '../../../lib/error-text.ts';
import { useUpdatePrompt } from '../api/prompts.ts';

export function RenameDialog({ prompt, onClose }: { prompt: Prompt; onClose: () => void }) {
  const { t } = useTranslation(['prompts', 'common']);
  const navigate = useNavigate();
  const form = useId();
  const [name, setName] = useState(prompt.name);
  const [description, setDescription] = useState(prompt.description);
  const update = useUpdatePrompt(prompt.id);
  const bad = !promptNameSchema.safeParse(name).success;
  const taken = update.error !== null && asError(update.error).code === 'conflict';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (bad) return;
    update.mutate(
      { name, description: description.trim() },
      {
        onSuccess: () => {
          onClose();
          void navigate({ to: '/improve/prompts/$name', params: { name }, replace: true });
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('rename.title')}
      description={t('rename.about')}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" type="submit" form={form} busy={update.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('name')} error={taken ? t('name_taken') : bad ? t('name_wrong') : null}>
          {(control) => (
            <Input
              {...control}
              className="font-mono"
              value={name}
              maxLength={64}
              spellCheck={false}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('description')}>
          {(control) => (
            <Input
              {...control}
              value={description}
              maxLength={500}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        {update.error && !taken ? <ErrorState error={update.error} /> : null}
      </form>
    </Dialog>
  );
}

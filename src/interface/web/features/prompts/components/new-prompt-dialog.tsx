// A new prompt: its name, what it is for, and its first words.
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { promptNameSchema } from '../../../../../contracts/prompt.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { asError, useErrorText } from '../../../lib/error-text.ts';
import { useCreatePrompt } from '../api/prompts.ts';

export function NewPromptDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['prompts', 'common']);
  const say = useErrorText();
  const navigate = useNavigate();
  const form = useId();
  const create = useCreatePrompt();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const badName = !promptNameSchema.safeParse(name).success;
  const taken = create.error !== null && asError(create.error).code === 'conflict';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (badName || text.trim() === '') return;
    create.mutate(
      {
        name,
        description: description.trim(),
        note: '',
        body: { messages: [{ role: 'user', text }], model: null, parameters: {} },
      },
      {
        onSuccess: (prompt) => {
          onClose();
          if (prompt) void navigate({ to: '/improve/prompts/$name', params: { name: prompt.name } });
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('new')}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" type="submit" form={form} busy={create.isPending}>
            {t('create')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label={t('name')}
          hint={t('name_hint')}
          error={taken ? t('name_taken') : tried && badName ? t('name_wrong') : null}
        >
          {(control) => (
            <Input
              {...control}
              className="font-mono"
              value={name}
              maxLength={64}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                create.reset();
                setName(event.target.value);
              }}
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
        <Field
          label={t('text')}
          hint={t('text_hint', { hole: '{{name}}' })}
          error={tried && text.trim() === '' ? t('text_needed') : null}
        >
          {(control) => (
            <Textarea {...control} rows={5} value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
        {create.error && !taken ? (
          <p role="alert" className="text-sm text-failed">
            {say(create.error).title} {say(create.error).detail}
          </p>
        ) : null}
      </form>
    </Dialog>
  );
}

// Takes a model that is already on the machine, by the path of its file or folder; nothing is uploaded.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { usePull } from '../../../lib/mutations.ts';

export function ImportDialog({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation(['models', 'common']);
  const [path, setPath] = useState('');
  const pull = usePull();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path.trim() === '') return;
    pull.mutate(
      { path: path.trim() },
      {
        onSuccess: (task) => {
          onOpenChange(false);
          toast(
            task.status === 'complete'
              ? { title: t('import.done', { title: task.title }) }
              : { title: t('import.begun', { title: task.title }), detail: t('import.begun_detail') },
          );
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={t('import.title')}
      description={t('import.lead')}
      actions={
        <Button
          look="primary"
          type="submit"
          form="import"
          busy={pull.isPending}
          disabled={path.trim() === ''}
        >
          {t('import.verb')}
        </Button>
      }
    >
      <form id="import" onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('import.path')} hint={t('import.path_hint')}>
          {(control) => (
            <Input
              {...control}
              value={path}
              onChange={(event) => setPath(event.target.value)}
              placeholder={t('import.placeholder')}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
            />
          )}
        </Field>
        {pull.error ? <ErrorState error={pull.error} /> : null}
      </form>
    </Dialog>
  );
}

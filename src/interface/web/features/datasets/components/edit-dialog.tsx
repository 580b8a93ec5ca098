// Writes an example by hand, or changes one.
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DatasetKind, Example, ExampleBody } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { emptyBody, faultOf } from '../lib/draft.ts';
import { MessageList } from './message-list.tsx';

export interface EditDialogProps {
  kind: DatasetKind;
  /** Absent: a new one. */
  example?: Example;
  onSave: (body: ExampleBody) => Promise<void>;
  onClose: () => void;
}

export function EditDialog({ kind, example, onSave, onClose }: EditDialogProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const form = useId();
  const [body, setBody] = useState<ExampleBody>(() => example?.body ?? emptyBody(kind));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fault = faultOf(body);
  const save = async (another: boolean) => {
    setTried(true);
    if (fault !== null || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSave(body);
      if (!another) return onClose();
      setBody(emptyBody(kind));
      setTried(false);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(false);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(example ? 'edit.title' : 'edit.new')}
      width="wide"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          {example ? null : (
            <Button disabled={busy} onClick={() => void save(true)}>
              {t('edit.add_next')}
            </Button>
          )}
          <Button look="primary" type="submit" form={form} busy={busy}>
            {t(example ? 'common:save' : 'common:add')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <BodyFields body={body} onChange={setBody} />
        {tried && fault ? (
          <p role="alert" className="text-sm text-failed">
            {t(`edit.fault.${fault}`)}
          </p>
        ) : null}
        {error ? <ErrorState error={error} /> : null}
      </form>
    </Dialog>
  );
}

function BodyFields({ body, onChange }: { body: ExampleBody; onChange: (body: ExampleBody) => void }) {
  const { t } = useTranslation('datasets');
  if (body.kind === 'labels')
    return (
      <>
        <Field label={t('example.text')}>
          {(control) => (
            <Textarea
              {...control}
              rows={5}
              value={body.text}
              onChange={(event) => onChange({ ...body, text: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('example.label')} hint={t('edit.label_hint')}>
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              autoComplete="off"
              value={body.label}
              onChange={(event) => onChange({ ...body, label: event.target.value })}
            />
          )}
        </Field>
      </>
    );
  if (body.kind === 'chat')
    return (
      <MessageList
        messages={body.messages}
        weights
        onChange={(messages) => onChange({ ...body, messages })}
      />
    );
  return (
    <>
      <MessageList
        messages={body.messages}
        weights={false}
        onChange={(messages) => onChange({ ...body, messages })}
      />
      {(['chosen', 'rejected'] as const).map((side) => (
        <Field key={side} label={t(`example.${side}`)}>
          {(control) => (
            <Textarea
              {...control}
              rows={4}
              value={body[side]}
              onChange={(event) => onChange({ ...body, [side]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </>
  );
}

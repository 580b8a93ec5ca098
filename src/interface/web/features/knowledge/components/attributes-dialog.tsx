// What a document can be filtered by, as lines of name and value.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { useSaveAttributes } from '../../../lib/knowledge/documents.ts';
import { readAttributes, writeAttributes } from '../lib/attributes.ts';

const MOST = 16;

export function AttributesDialog({
  document,
  onClose,
}: {
  document: KnowledgeDocument;
  onClose: () => void;
}) {
  const { t } = useTranslation(['knowledge', 'common']);
  const [text, setText] = useState(() => writeAttributes(document.attributes));
  const [touched, setTouched] = useState(false);
  const save = useSaveAttributes();
  const read = readAttributes(text);
  const fault =
    'wrong' in read
      ? t('attributes.wrong', { line: read.wrong })
      : Object.keys(read.attributes).length > MOST
        ? t('attributes.many', { most: MOST })
        : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (fault !== null || 'wrong' in read || save.isPending) return;
    save.mutate({ id: document.id, attributes: read.attributes }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('attributes.title')}
      description={t('attributes.about', { name: document.title })}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="attributes" busy={save.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="attributes" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field label={t('attributes.field')} hint={t('attributes.hint')} error={touched ? fault : null}>
          {(control) => (
            <Textarea
              {...control}
              className="min-h-32 font-mono"
              value={text}
              spellCheck={false}
              placeholder={t('attributes.example')}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

// Asks before something goes that cannot be brought back: the name must be typed.
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './ui/button.tsx';
import { Dialog } from './ui/dialog.tsx';
import { ErrorState } from './ui/error-state.tsx';
import { Field } from './ui/field.tsx';
import { Input } from './ui/input.tsx';

export interface ConfirmByNameProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: ReactNode;
  /** What must be typed. */
  name: string;
  verb: string;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
}

export function ConfirmByName(props: ConfirmByNameProps) {
  const { open, onOpenChange, title, text, name, verb, busy = false, error, onConfirm } = props;
  const { t } = useTranslation('common');
  const [typed, setTyped] = useState('');
  const same = typed.trim().toLowerCase() === name.trim().toLowerCase();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={text}
      actions={
        <>
          <Button look="quiet" onClick={() => onOpenChange(false)}>
            {t('cancel')}
          </Button>
          <Button look="danger" disabled={!same} busy={busy} onClick={onConfirm}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (same && !busy) onConfirm();
        }}
      >
        <Field label={t('type_name', { name })}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      </form>
      {error ? <ErrorState error={error} className="mt-4" /> : null}
    </Dialog>
  );
}

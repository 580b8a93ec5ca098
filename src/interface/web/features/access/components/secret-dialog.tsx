// The secret of a new key, this once, with what to paste into the clients that people have.
import Copy from 'lucide-react/icons/copy';
import { useTranslation } from 'react-i18next';
import { CodeSamples } from '../../../components/code-samples.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { useCopy } from '../../../components/use-copy.ts';
import type { CreatedKey } from '../api/keys.ts';
import { keySamples } from '../lib/key-samples.ts';

export function SecretDialog({ created, onClose }: { created: CreatedKey; onClose: () => void }) {
  const { t } = useTranslation(['access', 'common']);
  const copy = useCopy();
  const { key, secret } = created;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width="wide"
      title={t('secret.title', { name: key.name })}
      description={t('secret.text')}
      actions={
        <Button look="primary" onClick={onClose}>
          {t('secret.done')}
        </Button>
      }
    >
      <div className="flex flex-col gap-6">
        <Field label={t('secret.label')}>
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                readOnly
                value={secret}
                spellCheck={false}
                onFocus={(event) => event.target.select()}
                className="font-mono"
              />
              <Button icon={<Copy />} onClick={() => copy(secret)}>
                {t('common:copy')}
              </Button>
            </div>
          )}
        </Field>
        <div>
          <CodeSamples lead={t('secret.samples')} samples={keySamples(location.origin, secret)} />
        </div>
      </div>
    </Dialog>
  );
}

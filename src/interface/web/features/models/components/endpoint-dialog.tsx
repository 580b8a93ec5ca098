// Adds or changes an endpoint: name, address, key, and a test that says what answered and how fast.
import CircleCheck from 'lucide-react/icons/circle-check';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provider } from '../../../../../contracts/provider.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { useFormat } from '../../../lib/format.ts';
import { type EndpointInput, useSaveProvider, useTryEndpoint } from '../api/providers.ts';
import { checkAddress, nameOfAddress } from '../lib/address.ts';

export interface EndpointDialogProps {
  /** The endpoint to change; absent: a new one. */
  provider?: Provider;
  /** What is known of a new one. */
  start?: { name: string; baseUrl: string };
  onOpenChange: (open: boolean) => void;
  onSaved?: (provider: Provider) => void;
}

export function EndpointDialog({ provider, start, onOpenChange, onSaved }: EndpointDialogProps) {
  const { t } = useTranslation(['models', 'common']);
  const format = useFormat();
  const [name, setName] = useState(provider?.name ?? start?.name ?? '');
  const [address, setAddress] = useState(provider?.baseUrl ?? start?.baseUrl ?? '');
  const [key, setKey] = useState('');
  const [dropKey, setDropKey] = useState(false);
  const [touched, setTouched] = useState(false);
  const save = useSaveProvider();
  const attempt = useTryEndpoint();
  const checked = checkAddress(address);

  const input = (): EndpointInput => ({
    name: name.trim() || nameOfAddress(address),
    baseUrl: checked.ok ? checked.address : address.trim(),
    ...(key !== '' ? { apiKey: key } : dropKey ? { apiKey: null } : {}),
  });
  const test = () => {
    setTouched(true);
    // A stored key never leaves the server: the id lets the server use it for the trial.
    if (checked.ok) attempt.mutate({ ...input(), ...(provider ? { id: provider.id } : {}) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!checked.ok) return;
    save.mutate(
      { id: provider?.id ?? null, input: input() },
      {
        onSuccess: (saved) => {
          onOpenChange(false);
          onSaved?.(saved);
        },
      },
    );
  };
  const result = attempt.data;
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={provider ? t('endpoint.edit') : t('endpoint.add')}
      description={t('endpoint.lead')}
      actions={
        <>
          <Button onClick={test} busy={attempt.isPending}>
            {t('endpoint.test')}
          </Button>
          <Button look="primary" type="submit" form="endpoint" busy={save.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="endpoint" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field
          label={t('endpoint.address')}
          hint={t('endpoint.address_hint')}
          error={touched && !checked.ok ? t(`endpoint.fault.${checked.fault}`) : null}
        >
          {(control) => (
            <Input
              {...control}
              value={address}
              onChange={(event) => {
                setAddress(event.target.value);
                attempt.reset();
              }}
              placeholder="http://127.0.0.1:1234/v1"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <Field
          label={t('endpoint.key')}
          hint={t(provider?.hasKey ? 'endpoint.key_kept' : 'endpoint.key_hint')}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              value={key}
              onChange={(event) => {
                setKey(event.target.value);
                setDropKey(false);
                attempt.reset();
              }}
              autoComplete="off"
              placeholder={provider?.hasKey && !dropKey ? '••••••••' : ''}
            />
          )}
        </Field>
        {provider?.hasKey ? (
          <label className="-mt-2 flex items-center gap-2 text-sm">
            <input type="checkbox" checked={dropKey} onChange={(event) => setDropKey(event.target.checked)} />
            {t('endpoint.key_remove')}
          </label>
        ) : null}
        <Field label={t('endpoint.name')} hint={t('endpoint.name_hint')}>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
              placeholder={nameOfAddress(address)}
            />
          )}
        </Field>
        {result?.ok ? (
          <div role="status" className="flex gap-3 rounded-md bg-ready-soft px-4 py-3 text-sm">
            <CircleCheck className="mt-0.5 size-4 shrink-0 text-ready" aria-hidden="true" />
            <div className="min-w-0">
              <p className="font-semibold text-ready">
                {t('endpoint.answers', { time: format.duration(result.latencyMs ?? 0) })}
              </p>
              <p className="break-words">
                {result.models.length === 0
                  ? t('endpoint.no_models')
                  : t('endpoint.models', {
                      count: result.models.length,
                      names: result.models.slice(0, 4).join(', ') + (result.models.length > 4 ? ' …' : ''),
                    })}
              </p>
            </div>
          </div>
        ) : null}
        {result && !result.ok && result.error ? <ErrorState error={result.error} /> : null}
        {attempt.error ? <ErrorState error={attempt.error} /> : null}
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

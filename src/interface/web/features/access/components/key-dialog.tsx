// Makes an API key: its name, whose it is, what it may reach, until when, and what it may spend a month.

import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useUsers } from '../../../lib/access-queries.ts';
import { useRights } from '../../../lib/session.ts';
import { useSaveBudget } from '../api/budgets.ts';
import { type CreatedKey, useCreateKey } from '../api/keys.ts';
import { parseAmount } from '../lib/amount.ts';
import { type Expiry, expiries, expiryAt } from '../lib/key-state.ts';
import { useAppChoices, useModelChoices } from '../lib/use-subjects.ts';
import { ScopeField } from './scope-field.tsx';

export interface KeyDialogProps {
  onClose: () => void;
  onCreated: (created: CreatedKey) => void;
}

export function KeyDialog({ onClose, onCreated }: KeyDialogProps) {
  const { t } = useTranslation(['access', 'common']);
  const { accounts, user, may } = useRights();
  const forOthers = accounts && may('keysOfOthers');
  const users = useUsers().data ?? [];
  const models = useModelChoices();
  const apps = useAppChoices();
  const [name, setName] = useState('');
  const [owner, setOwner] = useState<string | null>(null);
  const [modelScope, setModelScope] = useState<string[] | null>(null);
  const [appScope, setAppScope] = useState<string[] | null>(null);
  const [expiry, setExpiry] = useState<Expiry>('never');
  const [monthly, setMonthly] = useState('');
  const [tried, setTried] = useState(false);
  const create = useCreateKey();
  const save = useSaveBudget();
  const named = name.trim() !== '';
  const amount = parseAmount(monthly, 'money');
  const wrongAmount = monthly.trim() !== '' && amount === null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!named || wrongAmount || modelScope?.length === 0 || appScope?.length === 0) return;
    const input = {
      name: name.trim(),
      ...(owner === null ? {} : { userId: owner }),
      models: modelScope,
      apps: appScope,
      expiresAt: expiryAt(expiry, Date.now()),
    };
    create.mutate(input, {
      onSuccess: (created) => {
        if (amount === null) return onCreated(created);
        // The key stands, whatever comes of its budget: the secret must be seen.
        save.mutate(
          {
            id: null,
            input: {
              subject: { kind: 'key', id: created.key.id },
              period: 'month',
              unit: 'money',
              amount,
              action: 'refuse',
            },
          },
          { onSettled: () => onCreated(created) },
        );
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('keys.add')}
      description={t('keys.add_text')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="key" busy={create.isPending || save.isPending}>
            {t('keys.verb')}
          </Button>
        </>
      }
    >
      <form id="key" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('name')} hint={t('keys.name_hint')} error={tried && !named ? t('needed') : null}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {forOthers && user ? (
          <Field label={t('keys.owner')} hint={t('keys.owner_hint')}>
            {(control) => (
              <Select
                {...control}
                value={owner ?? user.id}
                options={users
                  .filter(({ disabledAt }) => disabledAt === null)
                  .map(({ id, name: label, email }) => ({ value: id, label, hint: email }))}
                onChange={(id) => setOwner(id)}
              />
            )}
          </Field>
        ) : null}
        <ScopeField
          label={t('keys.models')}
          every={t('scope.every_model')}
          options={models}
          value={modelScope}
          onChange={setModelScope}
        />
        <ScopeField
          label={t('keys.apps')}
          every={t('scope.every_app')}
          options={apps}
          value={appScope}
          onChange={setAppScope}
        />
        <Field label={t('keys.expires')}>
          {(control) => (
            <Select
              {...control}
              value={expiry}
              options={expiries.map((value) => ({ value, label: t(`expiry.${value}`) }))}
              onChange={setExpiry}
            />
          )}
        </Field>
        {may('budgets') ? (
          <Field
            label={t('keys.monthly')}
            hint={t('keys.monthly_hint')}
            error={wrongAmount ? t('amount_wrong') : null}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                autoComplete="off"
                className="tabular"
                value={monthly}
                onChange={(event) => setMonthly(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {create.error ? <ErrorState error={create.error} /> : null}
      </form>
    </Dialog>
  );
}

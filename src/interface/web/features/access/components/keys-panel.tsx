// API keys: whose, for what, until when, when last used; made here and taken back here.

import KeyRound from 'lucide-react/icons/key-round';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../../../../contracts/access.ts';
import { ConfirmByName } from '../../../components/confirm-by-name.tsx';
import { Rows, Section } from '../../../components/page.tsx';
import { Badge, type Tone } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useKeys, useUsers } from '../../../lib/access-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useRights } from '../../../lib/session.ts';
import { type CreatedKey, useRevokeKey } from '../api/keys.ts';
import { type KeyState, keyState } from '../lib/key-state.ts';
import { KeyDialog } from './key-dialog.tsx';
import { SecretDialog } from './secret-dialog.tsx';

const tones: Record<KeyState, Tone> = { active: 'ready', expired: 'needs', revoked: 'failed' };

export function KeysPanel() {
  const { t } = useTranslation(['access', 'common']);
  const { accounts, may } = useRights();
  const keys = useKeys();
  const users = useUsers().data;
  const [adding, setAdding] = useState(false);
  const [created, setCreated] = useState<CreatedKey | null>(null);
  const [leaving, setLeaving] = useState<ApiKey | null>(null);
  const revoke = useRevokeKey();
  const add = (
    <Button look="primary" icon={<Plus />} onClick={() => setAdding(true)}>
      {t('keys.add')}
    </Button>
  );
  return (
    <Section
      title={t('keys.title')}
      lead={t(accounts ? 'keys.lead' : 'keys.lead_without_accounts')}
      action={keys.data && keys.data.length > 0 && may('keys') ? add : null}
    >
      {keys.error && !keys.data ? (
        <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
      ) : null}
      {!keys.data && !keys.error ? <SkeletonRows rows={3} label={t('common:loading')} /> : null}
      {keys.data?.length === 0 ? (
        <div className="rounded-md border border-line">
          <EmptyState
            icon={<KeyRound />}
            title={t('keys.empty')}
            text={t('keys.empty_text')}
            action={may('keys') ? add : null}
          />
        </div>
      ) : null}
      {keys.data && keys.data.length > 0 ? (
        <Rows label={t('keys.title')}>
          {keys.data.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              owner={users?.find(({ id }) => id === key.userId)?.name ?? null}
              onRevoke={() => {
                revoke.reset();
                setLeaving(key);
              }}
            />
          ))}
        </Rows>
      ) : null}
      {adding ? (
        <KeyDialog
          onClose={() => setAdding(false)}
          onCreated={(made) => {
            setAdding(false);
            setCreated(made);
          }}
        />
      ) : null}
      {created ? <SecretDialog created={created} onClose={() => setCreated(null)} /> : null}
      {leaving ? (
        <ConfirmByName
          open
          onOpenChange={(open) => !open && setLeaving(null)}
          title={t('keys.revoke_title', { name: leaving.name })}
          text={t('keys.revoke_text')}
          name={leaving.name}
          verb={t('keys.revoke')}
          busy={revoke.isPending}
          error={revoke.error}
          onConfirm={() =>
            revoke.mutate(leaving.id, {
              onSuccess: () => {
                setLeaving(null);
                toast({ title: t('keys.revoked_done', { name: leaving.name }) });
              },
            })
          }
        />
      ) : null}
    </Section>
  );
}

function KeyRow({
  apiKey: key,
  owner,
  onRevoke,
}: {
  apiKey: ApiKey;
  owner: string | null;
  onRevoke: () => void;
}) {
  const { t } = useTranslation('access');
  const format = useFormat();
  const state = keyState(key, Date.now());
  const facts = [
    owner,
    key.models === null ? t('scope.every_model') : format.list(key.models),
    key.apps === null ? t('scope.every_app') : format.list(key.apps),
    key.expiresAt === null ? null : t('keys.until', { day: format.day(key.expiresAt) }),
    key.lastUsedAt === null ? t('keys.never_used') : t('keys.used', { when: format.ago(key.lastUsedAt) }),
  ].filter((fact) => fact !== null);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className={state === 'active' ? 'font-semibold' : 'text-quiet'}>{key.name}</span>
          <code className="font-mono text-xs text-quiet">{key.prefix}…</code>
          <Badge tone={tones[state]} dot>
            {t(`key_state.${state}`)}
          </Badge>
        </p>
        <p className="text-xs break-words text-quiet">{facts.join(' · ')}</p>
      </div>
      {state === 'revoked' ? null : (
        <Button
          size="small"
          look="quiet"
          className="max-sm:-ml-2.5"
          aria-label={t('keys.revoke_named', { name: key.name })}
          onClick={onRevoke}
        >
          {t('keys.revoke')}
        </Button>
      )}
    </li>
  );
}

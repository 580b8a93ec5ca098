// The people of this Atelier: first the step that turns accounts on, then who is here and in which role.

import Ellipsis from 'lucide-react/icons/ellipsis';
import KeyRound from 'lucide-react/icons/key-round';
import UserPlus from 'lucide-react/icons/user-plus';
import UserX from 'lucide-react/icons/user-x';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../../../../contracts/access.ts';
import { roles } from '../../../../../contracts/identity.ts';
import { Rows, Section } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useUsers } from '../../../lib/access-queries.ts';
import { useFormat } from '../../../lib/format.ts';
import { useRights } from '../../../lib/session.ts';
import { useChangeUser } from '../api/people.ts';
import { ClaimForm } from './claim-form.tsx';
import { NewPasswordDialog } from './new-password-dialog.tsx';
import { PersonDialog } from './person-dialog.tsx';

export function PeoplePanel() {
  return useRights().accounts ? <People /> : <ClaimForm />;
}

function People() {
  const { t } = useTranslation(['access', 'common']);
  const users = useUsers();
  const [adding, setAdding] = useState(false);
  const [renewing, setRenewing] = useState<User | null>(null);
  const change = useChangeUser();
  return (
    <>
      <Section
        title={t('people.title')}
        lead={t('people.lead')}
        action={
          <Button look="primary" icon={<UserPlus />} onClick={() => setAdding(true)}>
            {t('people.add')}
          </Button>
        }
      >
        {change.error ? <ErrorState error={change.error} className="mb-3" /> : null}
        {users.error && !users.data ? (
          <ErrorState error={users.error} onRetry={() => void users.refetch()} />
        ) : null}
        {!users.data && !users.error ? <SkeletonRows rows={3} label={t('common:loading')} /> : null}
        {users.data ? (
          <Rows label={t('people.title')}>
            {users.data.map((user) => (
              <Person
                key={user.id}
                user={user}
                busy={change.isPending && change.variables.id === user.id}
                onChange={(next) => change.mutate({ id: user.id, change: next })}
                onPassword={() => setRenewing(user)}
              />
            ))}
          </Rows>
        ) : null}
      </Section>
      <Section title={t('people.roles')}>
        <dl className="flex flex-col gap-2 text-sm">
          {roles.map((role) => (
            <div key={role} className="flex flex-col gap-x-4 sm:flex-row">
              <dt className="w-32 shrink-0 font-semibold">{t(`roles.${role}`)}</dt>
              <dd className="text-quiet">{t(`role_about.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
      {adding ? <PersonDialog onClose={() => setAdding(false)} /> : null}
      {renewing ? <NewPasswordDialog user={renewing} onClose={() => setRenewing(null)} /> : null}
    </>
  );
}

interface PersonProps {
  user: User;
  busy: boolean;
  onChange: (change: { role?: User['role']; disabled?: boolean }) => void;
  onPassword: () => void;
}

function Person({ user, busy, onChange, onPassword }: PersonProps) {
  const { t } = useTranslation('access');
  const format = useFormat();
  const self = useRights().user?.id === user.id;
  const disabled = user.disabledAt !== null;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-2">
          <span className={disabled ? 'text-quiet line-through' : 'font-semibold'}>{user.name}</span>
          {self ? <Badge tone="accent">{t('people.you')}</Badge> : null}
          {disabled ? (
            <Badge tone="failed" dot>
              {t('people.disabled')}
            </Badge>
          ) : null}
        </p>
        <p className="text-xs break-words text-quiet">
          {user.email} ·{' '}
          {user.lastSeenAt === null
            ? t('people.never_seen')
            : t('people.seen', { when: format.ago(user.lastSeenAt) })}
        </p>
      </div>
      <Select
        label={t('people.role_of', { name: user.name })}
        className="w-40!"
        value={user.role}
        disabled={busy || self}
        options={roles.map((value) => ({ value, label: t(`roles.${value}`) }))}
        onChange={(role) => onChange({ role })}
      />
      <Menu
        trigger={
          <IconButton label={t('actions_for', { name: user.name })} icon={<Ellipsis />} size="small" />
        }
        items={[
          { label: t('people.password'), icon: <KeyRound />, onSelect: onPassword },
          ...(self
            ? []
            : [
                null,
                {
                  label: t(disabled ? 'people.enable' : 'people.disable'),
                  icon: <UserX />,
                  danger: !disabled,
                  onSelect: () => onChange({ disabled: !disabled }),
                },
              ]),
        ]}
      />
    </li>
  );
}

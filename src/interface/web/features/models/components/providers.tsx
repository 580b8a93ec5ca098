// Providers: what each is, its state, models and their prices; test, change, remove.
import Ellipsis from 'lucide-react/icons/ellipsis';
import KeyRound from 'lucide-react/icons/key-round';
import Pencil from 'lucide-react/icons/pencil';
import Plug from 'lucide-react/icons/plug';
import Trash2 from 'lucide-react/icons/trash-2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provider } from '../../../../../contracts/provider.ts';
import { ConfirmByName } from '../../../components/confirm-by-name.tsx';
import { Badge, type Tone } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { useRights } from '../../../lib/session.ts';
import { useRemoveProvider, useTestProvider } from '../api/providers.ts';
import { useKindName } from '../lib/kind-name.ts';
import { ProviderDialog } from './provider-dialog.tsx';
import { ProviderModels } from './provider-models.tsx';

const tones: Record<Provider['state'], Tone> = {
  ready: 'ready',
  unreachable: 'failed',
  unauthorized: 'failed',
  untested: 'neutral',
};

export interface ProvidersProps {
  providers: readonly Provider[];
  defaultId: string | null;
  onAdd: () => void;
}

export function Providers({ providers, defaultId, onAdd }: ProvidersProps) {
  const { t } = useTranslation(['models', 'common']);
  const [editing, setEditing] = useState<Provider | null>(null);
  const [leaving, setLeaving] = useState<Provider | null>(null);
  const remove = useRemoveProvider();
  const mayChange = useRights().may('providers');
  if (providers.length === 0)
    return (
      <div className="rounded-md border border-line">
        <EmptyState
          icon={<Plug />}
          title={t('endpoints.empty')}
          text={t('endpoints.empty_text')}
          action={mayChange ? <Button onClick={onAdd}>{t('endpoint.add')}</Button> : null}
        />
      </div>
    );
  return (
    <div className="flex flex-col gap-3">
      {providers.map((provider) => (
        <Row
          key={provider.id}
          provider={provider}
          defaultId={defaultId}
          onEdit={() => setEditing(provider)}
          onRemove={() => {
            remove.reset();
            setLeaving(provider);
          }}
        />
      ))}
      {editing ? (
        <ProviderDialog provider={editing} onOpenChange={(open) => !open && setEditing(null)} />
      ) : null}
      {leaving ? (
        <ConfirmByName
          open
          onOpenChange={(open) => !open && setLeaving(null)}
          title={t('remove.title', { name: leaving.name })}
          text={t('endpoints.remove_text')}
          name={leaving.name}
          verb={t('common:remove')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(leaving.id, {
              onSuccess: () => {
                setLeaving(null);
                toast({ title: t('remove.done', { name: leaving.name }) });
              },
            })
          }
        />
      ) : null}
    </div>
  );
}

interface RowProps {
  provider: Provider;
  defaultId: string | null;
  onEdit: () => void;
  onRemove: () => void;
}

function Row({ provider, defaultId, onEdit, onRemove }: RowProps) {
  const { t } = useTranslation(['models', 'common']);
  const format = useFormat();
  const say = useErrorText();
  const test = useTestProvider();
  const kindName = useKindName();
  const mayChange = useRights().may('providers');
  const error = test.error ?? test.data?.error ?? (test.data?.ok ? null : provider.error);
  return (
    <article aria-label={provider.name} className="rounded-md border border-line bg-raised">
      <header className="flex items-start gap-3 px-4 py-3">
        <div className="min-w-0 grow">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <h3 className="font-semibold">{provider.name}</h3>
            {provider.name === kindName(provider.kind) ? null : <Badge>{kindName(provider.kind)}</Badge>}
            <Badge tone={tones[provider.state]} dot>
              {t(`endpoints.state.${provider.state}`)}
            </Badge>
          </div>
          <p className="mt-1 flex flex-wrap items-center gap-x-1.5 text-xs text-quiet">
            <span className="font-mono break-all">
              {provider.llamaServer ? provider.llamaServer.command : provider.baseUrl}
            </span>
            {provider.hasKey ? (
              <span className="inline-flex items-center gap-1">
                · <KeyRound className="size-3" aria-hidden="true" /> {t('endpoints.key_kept')}
              </span>
            ) : null}
            {provider.checkedAt ? (
              <span>· {t('endpoints.checked', { when: format.ago(provider.checkedAt) })}</span>
            ) : null}
            {test.data?.ok && test.data.latencyMs !== null ? (
              <span role="status" className="text-ready">
                · {t('endpoint.answers', { time: format.duration(test.data.latencyMs) })}
              </span>
            ) : null}
          </p>
          {error ? (
            <p role="alert" className="mt-1 text-xs text-failed">
              {say(error).title}. {say(error).detail}
            </p>
          ) : null}
        </div>
        {mayChange ? (
          <div className="flex shrink-0 items-center gap-1">
            <Button size="small" busy={test.isPending} onClick={() => test.mutate(provider.id)}>
              {t('endpoint.test')}
            </Button>
            <Menu
              trigger={
                <IconButton label={t('actions', { name: provider.name })} icon={<Ellipsis />} size="small" />
              }
              items={[
                { label: t('common:edit'), icon: <Pencil />, onSelect: onEdit },
                null,
                { label: t('common:remove'), icon: <Trash2 />, danger: true, onSelect: onRemove },
              ]}
            />
          </div>
        ) : null}
      </header>
      <ProviderModels provider={provider} defaultId={defaultId} />
    </article>
  );
}

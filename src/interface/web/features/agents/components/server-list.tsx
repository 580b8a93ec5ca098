// MCP servers: state, what they bring, why one failed; connect again, change, remove.
import Ellipsis from 'lucide-react/icons/ellipsis';
import Pencil from 'lucide-react/icons/pencil';
import Plug from 'lucide-react/icons/plug';
import RotateCw from 'lucide-react/icons/rotate-cw';
import Trash2 from 'lucide-react/icons/trash-2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { McpServer, McpServerStatus } from '../../../../../contracts/mcp.ts';
import { ConfirmByName } from '../../../components/confirm-by-name.tsx';
import { Rows } from '../../../components/page.tsx';
import { Badge, type Tone } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { type McpRow, useMcpServers, useRemoveServer, useRetryServer } from '../api/mcp-servers.ts';
import { ServerDialog } from './server-dialog.tsx';

const tones: Record<McpServerStatus['state'], Tone> = {
  off: 'neutral',
  connecting: 'accent',
  connected: 'ready',
  waiting: 'needs',
  failed: 'failed',
};

export function ServerPanel({ adding, onAdd }: { adding: boolean; onAdd: (open: boolean) => void }) {
  const { t } = useTranslation(['agents', 'common']);
  const { data, error, refetch } = useMcpServers();
  const [editing, setEditing] = useState<McpServer | null>(null);
  const [leaving, setLeaving] = useState<McpServer | null>(null);
  const remove = useRemoveServer();
  return (
    <>
      <p className="mb-4 max-w-2xl text-sm text-quiet">{t('servers.lead')}</p>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows rows={2} label={t('common:loading')} /> : null}
      {data?.length === 0 ? (
        <EmptyState
          icon={<Plug />}
          title={t('servers.empty')}
          text={t('servers.empty_text')}
          action={<Button onClick={() => onAdd(true)}>{t('servers.add')}</Button>}
        />
      ) : null}
      {data && data.length > 0 ? (
        <Rows label={t('tab.servers')}>
          {data.map((row) => (
            <ServerRow
              key={row.server.id}
              row={row}
              onEdit={() => setEditing(row.server)}
              onRemove={() => {
                remove.reset();
                setLeaving(row.server);
              }}
            />
          ))}
        </Rows>
      ) : null}
      {adding ? (
        <ServerDialog taken={(data ?? []).map((row) => row.server.id)} onClose={() => onAdd(false)} />
      ) : null}
      {editing ? <ServerDialog server={editing} taken={[]} onClose={() => setEditing(null)} /> : null}
      {leaving ? (
        <ConfirmByName
          open
          onOpenChange={(open) => !open && setLeaving(null)}
          title={t('servers.remove_title', { name: leaving.title })}
          text={t('servers.remove_text')}
          name={leaving.title}
          verb={t('common:remove')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(leaving.id, {
              onSuccess: () => {
                setLeaving(null);
                toast({ title: t('servers.removed', { name: leaving.title }) });
              },
            })
          }
        />
      ) : null}
    </>
  );
}

interface ServerRowProps {
  row: McpRow;
  onEdit: () => void;
  onRemove: () => void;
}

function ServerRow({ row: { server, status }, onEdit, onRemove }: ServerRowProps) {
  const { t } = useTranslation(['agents', 'common']);
  const say = useErrorText();
  const retry = useRetryServer();
  const where =
    server.transport.kind === 'stdio'
      ? [server.transport.command, ...server.transport.args].join(' ')
      : server.transport.url;
  const facts = [
    status.state === 'connected' ? t('servers.tools', { count: status.tools }) : null,
    status.serverName ? `${status.serverName} ${status.serverVersion ?? ''}`.trim() : null,
    status.protocolVersion ? t('servers.protocol', { version: status.protocolVersion }) : null,
  ].filter((fact) => fact !== null);
  const error = retry.error ?? status.error;
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="min-w-0 grow">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-semibold">{server.title}</span>
          <Badge tone={tones[status.state]} dot>
            {t(`servers.state.${status.state}`)}
          </Badge>
        </div>
        <p className="mt-0.5 font-mono text-xs break-all text-quiet">{where}</p>
        {facts.length > 0 ? <p className="tabular mt-0.5 text-xs text-quiet">{facts.join(' · ')}</p> : null}
        {error ? (
          <p role="alert" className="mt-1 text-xs break-words text-failed">
            {say(error).technical}
          </p>
        ) : null}
      </div>
      <div className="flex shrink-0 items-center gap-1">
        {status.state === 'failed' || status.state === 'waiting' ? (
          <Button
            size="small"
            icon={<RotateCw />}
            className="max-sm:hidden"
            busy={retry.isPending}
            onClick={() => retry.mutate(server.id)}
          >
            {t('servers.retry')}
          </Button>
        ) : null}
        <Menu
          trigger={
            <IconButton
              label={t('servers.actions', { name: server.title })}
              icon={<Ellipsis />}
              size="small"
            />
          }
          items={[
            { label: t('servers.retry'), icon: <RotateCw />, onSelect: () => retry.mutate(server.id) },
            { label: t('common:edit'), icon: <Pencil />, onSelect: onEdit },
            null,
            { label: t('common:remove'), icon: <Trash2 />, danger: true, onSelect: onRemove },
          ]}
        />
      </div>
    </li>
  );
}

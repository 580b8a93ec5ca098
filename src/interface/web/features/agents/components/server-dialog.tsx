// Adds or changes an MCP server: a program on this machine, or an address.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { McpServer } from '../../../../../contracts/mcp.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { useSaveServer } from '../api/mcp-servers.ts';
import { freeName, nameOf } from '../lib/agent-draft.ts';
import { draftOfServer, emptyServer, type ServerDraft, serverOf } from '../lib/server-draft.ts';
import { PairRows } from './pair-rows.tsx';
import { useRuleText } from './rule-select.tsx';

export interface ServerDialogProps {
  /** The server to change; absent: a new one. */
  server?: McpServer;
  taken: readonly string[];
  onClose: () => void;
}

/** The rule that every tool of a server brings. */
const UNLESS_READ_ONLY = 'unless-read-only';

export function ServerDialog({ server, taken, onClose }: ServerDialogProps) {
  const { t } = useTranslation(['agents', 'common']);
  const ruleText = useRuleText();
  const [draft, setDraft] = useState<ServerDraft>(server ? draftOfServer(server) : emptyServer);
  const [ownId, setOwnId] = useState(server !== undefined);
  const [tried, setTried] = useState(false);
  const save = useSaveServer();
  const read = serverOf(draft);
  const faults = tried && !read.ok ? read.faults : [];
  const change = (part: Partial<ServerDraft>) => setDraft({ ...draft, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read.ok) save.mutate(read.server, { onSuccess: onClose });
  };
  const needed = (fault: (typeof faults)[number]) =>
    faults.includes(fault) ? t('servers.form.needed') : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      width="wide"
      title={server ? t('servers.edit', { name: server.title }) : t('servers.add')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="mcp-server" busy={save.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="mcp-server" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('servers.form.title')} error={needed('title')}>
            {(control) => (
              <Input
                {...control}
                value={draft.title}
                maxLength={80}
                onChange={(event) =>
                  change({
                    title: event.target.value,
                    ...(ownId ? {} : { id: freeName(nameOf(event.target.value).slice(0, 24), taken) }),
                  })
                }
              />
            )}
          </Field>
          <Field
            label={t('servers.form.id')}
            hint={t('servers.form.id_hint', { id: draft.id || '…' })}
            error={faults.includes('id') ? t('servers.form.id_wrong') : null}
          >
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                value={draft.id}
                maxLength={24}
                disabled={server !== undefined}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => {
                  setOwnId(true);
                  change({ id: event.target.value });
                }}
              />
            )}
          </Field>
        </div>
        <Field label={t('servers.form.kind')}>
          {(control) => (
            <Select
              {...control}
              value={draft.kind}
              options={[
                { value: 'stdio', label: t('servers.form.stdio') },
                { value: 'http', label: t('servers.form.http') },
              ]}
              onChange={(kind) => change({ kind })}
            />
          )}
        </Field>
        {draft.kind === 'stdio' ? (
          <>
            <Field label={t('servers.form.command')} error={needed('command')}>
              {(control) => (
                <Input
                  {...control}
                  className="font-mono"
                  value={draft.command}
                  placeholder="npx"
                  spellCheck={false}
                  autoComplete="off"
                  onChange={(event) => change({ command: event.target.value })}
                />
              )}
            </Field>
            <Field label={t('servers.form.args')} hint={t('servers.form.args_hint')}>
              {(control) => (
                <Textarea
                  {...control}
                  className="font-mono text-xs"
                  value={draft.args}
                  spellCheck={false}
                  onChange={(event) => change({ args: event.target.value })}
                />
              )}
            </Field>
            <Field label={t('servers.form.cwd')} hint={t('servers.form.cwd_hint')}>
              {(control) => (
                <Input
                  {...control}
                  className="font-mono"
                  value={draft.cwd}
                  spellCheck={false}
                  onChange={(event) => change({ cwd: event.target.value })}
                />
              )}
            </Field>
            <PairRows title={t('servers.form.env')} pairs={draft.env} onChange={(env) => change({ env })} />
          </>
        ) : (
          <>
            <Field
              label={t('servers.form.url')}
              error={faults.includes('url') ? t('servers.form.url_wrong') : null}
            >
              {(control) => (
                <Input
                  {...control}
                  className="font-mono"
                  value={draft.url}
                  inputMode="url"
                  placeholder="https://example.org/mcp"
                  spellCheck={false}
                  autoComplete="off"
                  onChange={(event) => change({ url: event.target.value })}
                />
              )}
            </Field>
            <Toggle
              label={t('servers.form.allow_local')}
              hint={t('servers.form.allow_local_hint')}
              checked={draft.allowLocal}
              onChange={(allowLocal) => change({ allowLocal })}
            />
            <PairRows
              title={t('servers.form.headers')}
              pairs={draft.headers}
              onChange={(headers) => change({ headers })}
            />
          </>
        )}
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={t('servers.form.approval')}>
            {(control) => (
              <Select
                {...control}
                value={draft.approval}
                options={[...new Set(['always', 'never', UNLESS_READ_ONLY, draft.approval])].map((value) => ({
                  value,
                  label: ruleText(value),
                }))}
                onChange={(approval) => change({ approval })}
              />
            )}
          </Field>
          <Field label={t('servers.form.era')}>
            {(control) => (
              <Select
                {...control}
                value={draft.era}
                options={(['auto', 'legacy', 'modern'] as const).map((value) => ({
                  value,
                  label: t(`servers.form.era_${value}`),
                }))}
                onChange={(era) => change({ era })}
              />
            )}
          </Field>
          <Field label={t('servers.form.timeout')} error={needed('seconds')}>
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={draft.seconds}
                onChange={(event) => change({ seconds: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Toggle
          label={t('servers.form.enabled')}
          checked={draft.enabled}
          onChange={(enabled) => change({ enabled })}
        />
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

interface ToggleProps {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Toggle({ label, hint, checked, onChange }: ToggleProps) {
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <p className="text-sm font-semibold">{label}</p>
        {hint ? <p className="text-xs text-quiet">{hint}</p> : null}
      </div>
      <Switch label={label} checked={checked} onChange={onChange} />
    </div>
  );
}

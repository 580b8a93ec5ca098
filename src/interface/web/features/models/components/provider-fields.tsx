// The fields that a kind of provider needs; what it seldom needs is folded away.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProviderKindInfo } from '../../../../../contracts/provider.ts';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { useModels } from '../../../lib/queries.ts';
import { nameOfAddress } from '../lib/address.ts';
import { type DraftFault, kindNames, type ProviderDraft } from '../lib/provider-draft.ts';

export interface ProviderFieldsProps {
  draft: ProviderDraft;
  info: ProviderKindInfo;
  hasKey: boolean;
  faults: readonly DraftFault[];
  onChange: (change: Partial<ProviderDraft>) => void;
}

export function ProviderFields({ draft, info, hasKey, faults, onChange }: ProviderFieldsProps) {
  const { t } = useTranslation('models');
  const local = (useModels().data?.models ?? []).filter((model) => model.provider === 'local');
  const say = (...of: DraftFault[]): string | null => {
    const fault = faults.find((one) => of.includes(one));
    return fault ? t(`provider.fault.${fault}`) : null;
  };
  const line = (
    label: string,
    value: string,
    set: (value: string) => void,
    more: { hint?: string; error?: string | null; placeholder?: string; mono?: boolean } = {},
  ) => (
    <Field label={label} hint={more.hint} error={more.error}>
      {(control) => (
        <Input
          {...control}
          value={value}
          onChange={(event) => set(event.target.value)}
          placeholder={more.placeholder}
          autoComplete="off"
          spellCheck={false}
          className={more.mono ? 'font-mono' : ''}
        />
      )}
    </Field>
  );
  const address = line(t('endpoint.address'), draft.address, (value) => onChange({ address: value }), {
    hint: t(info.baseUrl === null ? 'endpoint.address_hint' : 'provider.address_other'),
    error: say('address_empty', 'address_form', 'address_scheme'),
    placeholder: info.baseUrl?.replace('{region}', draft.region || 'eu-west-3') ?? 'http://127.0.0.1:1234/v1',
  });
  const models = (
    <Field label={t('provider.models')} hint={t('provider.models_hint')}>
      {(control) => (
        <Textarea
          {...control}
          value={draft.models}
          onChange={(event) => onChange({ models: event.target.value })}
          spellCheck={false}
          className="min-h-16! font-mono text-xs"
        />
      )}
    </Field>
  );
  const name = line(t('endpoint.name'), draft.name, (value) => onChange({ name: value }), {
    hint: t('endpoint.name_hint'),
    placeholder: draft.kind === 'openai-compatible' ? nameOfAddress(draft.address) : kindNames[draft.kind],
  });
  if (info.needsCommand)
    return (
      <>
        {line(t('provider.command'), draft.command, (value) => onChange({ command: value }), {
          hint: t('provider.command_hint'),
          error: say('command'),
          mono: true,
        })}
        <Field label={t('provider.model')} hint={t('provider.model_hint')} error={say('model')}>
          {(control) => (
            <Select
              {...control}
              value={draft.model}
              options={local.map((model) => ({ value: model.id, label: model.displayName }))}
              disabled={local.length === 0}
              onChange={(model) => onChange({ model })}
            />
          )}
        </Field>
        {line(t('provider.projector'), draft.projector, (value) => onChange({ projector: value }), {
          hint: t('provider.projector_hint'),
          mono: true,
        })}
        <Field label={t('provider.arguments')} hint={t('provider.arguments_hint')}>
          {(control) => (
            <Textarea
              {...control}
              value={draft.arguments}
              onChange={(event) => onChange({ arguments: event.target.value })}
              placeholder={'--n-gpu-layers\n99'}
              spellCheck={false}
              className="min-h-16! font-mono text-xs"
            />
          )}
        </Field>
        {name}
      </>
    );
  const always = info.baseUrl === null || draft.kind === 'ollama';
  return (
    <>
      {always ? address : null}
      {info.needsRegion
        ? line(t('provider.region'), draft.region, (value) => onChange({ region: value }), {
            hint: t('provider.region_hint'),
            error: say('region'),
            placeholder: 'eu-west-3',
          })
        : null}
      <KeyField draft={draft} info={info} hasKey={hasKey} error={say('key')} onChange={onChange} />
      {draft.kind === 'bedrock' ? models : null}
      {name}
      <More label={t('provider.more')} open={say('address_form', 'address_scheme') !== null}>
        {always ? null : address}
        {draft.kind === 'bedrock' ? null : models}
      </More>
    </>
  );
}

function More({ label, open, children }: { label: string; open: boolean; children: ReactNode }) {
  return (
    <details open={open || undefined}>
      <summary className="text-sm text-quiet">{label}</summary>
      <div className="mt-3 flex flex-col gap-4">{children}</div>
    </details>
  );
}

function KeyField({
  draft,
  info,
  hasKey,
  error,
  onChange,
}: Omit<ProviderFieldsProps, 'faults'> & { error: string | null }) {
  const { t } = useTranslation('models');
  return (
    <>
      <Field
        label={t('endpoint.key')}
        hint={t(hasKey ? 'endpoint.key_kept' : info.needsKey ? 'provider.key_hint' : 'endpoint.key_hint')}
        error={error}
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            value={draft.key}
            onChange={(event) => onChange({ key: event.target.value, dropKey: false })}
            autoComplete="off"
            placeholder={hasKey && !draft.dropKey ? '••••••••' : ''}
          />
        )}
      </Field>
      {hasKey ? (
        <label className="-mt-2 flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={draft.dropKey}
            onChange={(event) => onChange({ dropKey: event.target.checked })}
          />
          {t('endpoint.key_remove')}
        </label>
      ) : null}
    </>
  );
}

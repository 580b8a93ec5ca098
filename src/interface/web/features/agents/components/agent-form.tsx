// Everything that makes an agent, as one form: what it is told, what it may use, and when it asks.
import { useTranslation } from 'react-i18next';
import { JsonEditor } from '../../../components/schema/json-editor.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { Switch } from '../../../components/ui/switch.tsx';
import { Textarea } from '../../../components/ui/textarea.tsx';
import { useModels } from '../../../lib/queries.ts';
import { type AgentDraft, type DraftFault, exampleSchema, nameOf } from '../lib/agent-draft.ts';
import { KnowledgeChoice, ToolChoice } from './agent-choices.tsx';

export interface AgentFormProps {
  draft: AgentDraft;
  onChange: (change: Partial<AgentDraft>) => void;
  /** Faults to show; none before the first try to save. */
  faults: readonly DraftFault[];
  /** The address still follows the title. */
  fresh: boolean;
}

export function AgentForm({ draft, onChange, faults, fresh }: AgentFormProps) {
  const { t } = useTranslation('agents');
  const retitle = (title: string) =>
    onChange({
      title,
      ...(fresh && (draft.name === '' || draft.name === nameOf(draft.title)) ? { name: nameOf(title) } : {}),
    });
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={t('form.title')} error={faults.includes('title') ? t('form.required') : null}>
          {(control) => (
            <Input
              {...control}
              value={draft.title}
              maxLength={120}
              onChange={(event) => retitle(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('form.name')}
          hint={t('form.name_hint', { name: draft.name || '…' })}
          error={
            faults.includes('name')
              ? t('form.name_wrong')
              : faults.includes('taken')
                ? t('form.name_taken')
                : null
          }
        >
          {(control) => (
            <Input
              {...control}
              className="font-mono"
              value={draft.name}
              maxLength={48}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => onChange({ name: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label={t('form.description')}>
        {(control) => (
          <Input
            {...control}
            value={draft.description}
            maxLength={2000}
            onChange={(event) => onChange({ description: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('form.instructions')} hint={t('form.instructions_hint')}>
        {(control) => (
          <Textarea
            {...control}
            className="min-h-36"
            value={draft.instructions}
            maxLength={32_000}
            onChange={(event) => onChange({ instructions: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <ModelField model={draft.model} onChange={(model) => onChange({ model })} />
        <Field
          label={t('form.steps')}
          hint={t('form.steps_hint')}
          error={faults.includes('steps') ? t('form.steps_wrong') : null}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.maxSteps}
              onChange={(event) => onChange({ maxSteps: event.target.value })}
            />
          )}
        </Field>
      </div>
      <ToolChoice
        chosen={draft.tools}
        approvals={draft.approvals}
        onChange={(tools) => onChange({ tools })}
        onApprovals={(approvals) => onChange({ approvals })}
      />
      <KnowledgeChoice chosen={draft.knowledge} onChange={(knowledge) => onChange({ knowledge })} />
      <Toggle
        label={t('form.planning')}
        hint={t('form.planning_hint')}
        checked={draft.planning}
        onChange={(planning) => onChange({ planning })}
      />
      <div className="flex flex-col gap-3">
        <Toggle
          label={t('form.output')}
          hint={t('form.output_hint')}
          checked={draft.output !== null}
          onChange={(json) => onChange({ output: json ? JSON.stringify(exampleSchema, null, 2) : null })}
        />
        {draft.output === null ? null : (
          <JsonEditor
            id="agent-output"
            label={t('form.schema')}
            value={draft.output}
            onChange={(output) => onChange({ output })}
            schema={{ type: 'object' }}
          />
        )}
      </div>
    </div>
  );
}

function ModelField({ model, onChange }: { model: string; onChange: (model: string) => void }) {
  const { t } = useTranslation('agents');
  const list = useModels().data;
  const chat = (list?.models ?? []).filter((one) => one.kind === 'chat');
  const known = new Map<string, string>([
    [
      'default',
      t('form.default_model', {
        name: chat.find((one) => one.id === list?.default)?.displayName ?? '–',
      }),
    ],
    ...Object.keys(list?.aliases ?? {})
      .filter((alias) => alias !== 'default')
      .map((alias): [string, string] => [alias, alias]),
    ...chat.map((one): [string, string] => [one.id, one.displayName]),
  ]);
  if (!known.has(model)) known.set(model, model);
  return (
    <Field label={t('form.model')}>
      {(control) => (
        <Select
          {...control}
          value={model}
          options={[...known].map(([value, label]) => ({ value, label }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

interface ToggleProps {
  label: string;
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Toggle({ label, hint, checked, onChange }: ToggleProps) {
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <p className="text-sm font-semibold">{label}</p>
        <p className="text-xs text-quiet">{hint}</p>
      </div>
      <Switch label={label} checked={checked} onChange={onChange} />
    </div>
  );
}

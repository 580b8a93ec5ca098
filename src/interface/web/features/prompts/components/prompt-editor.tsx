// The body of a prompt: messages with holes, the model and settings it was written for, and beside them its variables.
import { useTranslation } from 'react-i18next';
import { fillPrompt, type PromptBody, variablesOf } from '../../../../../contracts/prompt.ts';
import { MessageFields } from '../../../components/answers/message-fields.tsx';
import { ModelSelect } from '../../../components/answers/model-select.tsx';
import { ParameterFields } from '../../../components/answers/parameter-fields.tsx';
import { VariableFields } from '../../../components/prompts/variable-fields.tsx';
import { Field } from '../../../components/ui/field.tsx';

/** "Whichever the caller chooses"; no model has such an id. */
const ANY = '-';

export interface PromptEditorProps {
  body: PromptBody;
  values: Readonly<Record<string, string>>;
  onBody: (body: PromptBody) => void;
  onValues: (values: Record<string, string>) => void;
}

export function PromptEditor({ body, values, onBody, onValues }: PromptEditorProps) {
  const { t } = useTranslation(['prompts', 'playground']);
  const { messages } = fillPrompt(body.messages, values);
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[1fr_20rem]">
      <div className="flex min-w-0 flex-col gap-6">
        <MessageFields messages={body.messages} onChange={(next) => onBody({ ...body, messages: next })} />
        <Field label={t('model')} hint={t('model_hint')}>
          {({ id }) => (
            <ModelSelect
              id={id}
              className="max-w-md"
              value={body.model ?? ANY}
              none={{ value: ANY, label: t('model_any') }}
              onChange={(model) => onBody({ ...body, model: model === ANY ? null : model })}
            />
          )}
        </Field>
        <details>
          <summary className="text-sm font-semibold">
            {Object.keys(body.parameters).length === 0
              ? t('playground:settings')
              : t('playground:settings_set', { count: Object.keys(body.parameters).length })}
          </summary>
          <div className="mt-3 max-w-md">
            <ParameterFields
              parameters={body.parameters}
              onChange={(parameters) => onBody({ ...body, parameters })}
            />
          </div>
        </details>
      </div>
      <aside aria-label={t('variables')} className="flex flex-col gap-4">
        <h2 className="text-base font-semibold">{t('variables')}</h2>
        <VariableFields variables={variablesOf(body.messages)} values={values} onChange={onValues} />
        <details>
          <summary className="text-sm font-semibold">{t('preview')}</summary>
          <dl className="mt-2 flex flex-col gap-2 text-sm">
            {messages.map(({ role, text }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a message is known by its place
              <div key={index}>
                <dt className="text-xs text-quiet">{t(`playground:messages.${role}`)}</dt>
                <dd className="break-words whitespace-pre-wrap">{text}</dd>
              </div>
            ))}
          </dl>
        </details>
      </aside>
    </div>
  );
}

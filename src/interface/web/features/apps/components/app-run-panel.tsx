// Left the form, right the result as it comes.
import Play from 'lucide-react/icons/play';
import Square from 'lucide-react/icons/square';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppInfo } from '../../../../../contracts/app.ts';
import { Button } from '../../../components/ui/button.tsx';
import { isObject } from '../../../lib/json-schema.ts';
import { useAppRun } from '../api/run-app.ts';
import { useAppWords } from '../lib/app-words.ts';
import { useFieldWords } from '../lib/field-words.ts';
import { cleaned, type FormValue, faultsOf, fieldsOf, isPlain, startOf } from '../lib/form-fields.ts';
import { ModelChoice } from './model-choice.tsx';
import { ResultPanel } from './result-panel.tsx';
import type { RenderText } from './results/result-props.ts';
import { SchemaForm } from './schema-form.tsx';

export function AppRunPanel({ app, renderText }: { app: AppInfo; renderText: RenderText }) {
  const { t } = useTranslation(['apps', 'common']);
  const words = useFieldWords(app);
  const { example } = useAppWords()(app);
  const fields = useMemo(() => fieldsOf(app.inputSchema), [app.inputSchema]);
  const [value, setValue] = useState<FormValue>(() => startOf(fields));
  // A new key redraws the fields that hold text of their own while it is typed.
  const [filled, setFilled] = useState(0);
  const [tried, setTried] = useState(false);
  const [model, setModel] = useState('default');
  const { run, input, start, stop } = useAppRun(app.name);
  const sent = cleaned(value, fields);
  const faults = faultsOf(sent, app.inputSchema);
  const shownFaults = tried ? faults : [];
  const plain = fields.filter((field) => isPlain(field, app.name));
  const more = fields.filter((field) => !isPlain(field, app.name));
  const running = run.status === 'running';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.length === 0 && !running) start(sent, model);
  };
  const form = (which: typeof fields) => (
    <SchemaForm
      key={filled}
      fields={which}
      value={value}
      onChange={setValue}
      words={words}
      faults={shownFaults}
    />
  );
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <form
        noValidate
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
        }}
        className="flex flex-col gap-4"
      >
        {form(plain)}
        {more.length > 0 ? (
          <details
            open={shownFaults.some((one) => more.some((field) => field.name === one.field)) || undefined}
          >
            <summary className="w-fit rounded-sm text-sm text-quiet hover:text-ink">{t('run.more')}</summary>
            <div className="mt-4">{form(more)}</div>
          </details>
        ) : null}
        <ModelChoice model={model} onChange={setModel} />
        <div className="flex flex-wrap items-center gap-2">
          {/* Keys, so that a click on Stop never lands on the Run that takes its place. */}
          {running ? (
            <Button key="stop" look="primary" icon={<Square />} onClick={stop}>
              {t('run.stop')}
            </Button>
          ) : (
            <Button key="run" look="primary" type="submit" icon={<Play />}>
              {t('run.run')}
            </Button>
          )}
          {isObject(example) ? (
            <Button
              look="quiet"
              onClick={() => {
                setValue({ ...startOf(fields), ...example });
                setFilled(filled + 1);
              }}
            >
              {t('run.example')}
            </Button>
          ) : null}
          {shownFaults.length > 0 ? (
            <p role="alert" className="text-sm text-failed">
              {t('run.fix')}
            </p>
          ) : null}
        </div>
      </form>
      <ResultPanel
        app={app}
        run={run}
        input={input}
        renderText={renderText}
        onRetry={() => start(sent, model)}
      />
    </div>
  );
}

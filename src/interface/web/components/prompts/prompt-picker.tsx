// Chooses a kept prompt for the composer: by name, then its values; what comes back is text. Apps stand below, each the
// way to its page.
import { Link } from '@tanstack/react-router';
import { type FormEvent, use, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fillPrompt, type Prompt } from '../../../../contracts/prompt.ts';
import { allWords } from '../../i18n/start.ts';
import { matchesPrompt, usePrompts } from '../../lib/prompts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Input } from '../ui/input.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useFoundApps } from './use-found-apps.ts';
import { VariableFields } from './variable-fields.tsx';

export interface ChosenPrompt {
  text: string;
  /** The prompt's own system message; null: it has none. */
  system: string | null;
}

export interface PromptPickerProps {
  onChoose: (chosen: ChosenPrompt) => void;
  onApp: (name: string) => void;
  onClose: () => void;
}

function chosenOf(prompt: Prompt, values: Record<string, string>): ChosenPrompt {
  const { messages } = fillPrompt(prompt.latest.messages, values);
  const said = (role: string) => messages.filter((one) => one.role === role).map(({ text }) => text);
  const system = said('system').join('\n\n').trim();
  return { text: said('user').join('\n\n'), system: system === '' ? null : system };
}

export function PromptPicker({ onChoose, onApp, onClose }: PromptPickerProps) {
  // The composer stands on pages that begin with fewer words.
  use(allWords());
  const { t } = useTranslation(['prompts', 'common']);
  const prompts = usePrompts();
  const apps = useFoundApps();
  const form = useId();
  const [wanted, setWanted] = useState('');
  const [open, setOpen] = useState<Prompt | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const found = (prompts.data ?? []).filter((one) => matchesPrompt(one, wanted.trim().toLowerCase()));
  const foundApps = apps.found(wanted);
  const take = (prompt: Prompt) => {
    if (prompt.latest.variables.length === 0) onChoose(chosenOf(prompt, {}));
    else setOpen(prompt);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (open !== null) {
      const all = Object.fromEntries(open.latest.variables.map((name) => [name, values[name] ?? '']));
      onChoose(chosenOf(open, all));
    } else if (found[0] !== undefined) take(found[0]);
    else if (foundApps[0] !== undefined) onApp(foundApps[0].name);
  };
  return (
    <Dialog
      open
      onOpenChange={(stays) => !stays && onClose()}
      title={open === null ? t('picker.title') : open.name}
      {...(open?.description ? { description: open.description } : {})}
      {...(open === null
        ? {}
        : {
            actions: (
              <>
                <Button onClick={() => setOpen(null)}>{t('common:back')}</Button>
                <Button look="primary" type="submit" form={form}>
                  {t('picker.use')}
                </Button>
              </>
            ),
          })}
    >
      <form id={form} onSubmit={submit}>
        {open === null ? (
          <>
            <Input
              type="search"
              aria-label={t('picker.search')}
              placeholder={t('picker.search')}
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
            />
            {prompts.error ? (
              <ErrorState error={prompts.error} className="mt-3" onRetry={() => void prompts.refetch()} />
            ) : prompts.isPending ? (
              <SkeletonRows rows={3} label={t('common:loading')} className="mt-3" />
            ) : prompts.data.length === 0 ? (
              <p className="mt-4 text-sm text-quiet">
                {t('picker.none')}{' '}
                <Link to="/improve/prompts" className="underline" onClick={onClose}>
                  {t('title')}
                </Link>
              </p>
            ) : (
              <ul className="mt-2 flex flex-col">
                {found.map((prompt) => (
                  <li key={prompt.id}>
                    <button
                      type="button"
                      className="flex w-full flex-col rounded-md px-2.5 py-1.5 text-left text-sm hover:bg-sunken"
                      onClick={() => take(prompt)}
                    >
                      <span className="font-mono">{prompt.name}</span>
                      {prompt.description ? (
                        <span className="text-xs text-quiet">{prompt.description}</span>
                      ) : null}
                    </button>
                  </li>
                ))}
              </ul>
            )}
            {apps.error ? (
              <ErrorState error={apps.error} className="mt-3" onRetry={apps.retry} />
            ) : foundApps.length === 0 ? null : (
              <>
                <h3 className="mt-4 px-2.5 text-xs text-quiet">{t('picker.apps')}</h3>
                <ul className="mt-1 flex flex-col">
                  {foundApps.map((app) => (
                    <li key={app.name}>
                      <button
                        type="button"
                        className="flex w-full flex-col rounded-md px-2.5 py-1.5 text-left text-sm hover:bg-sunken"
                        onClick={() => onApp(app.name)}
                      >
                        <span>{app.title}</span>
                        {app.description === '' ? null : (
                          <span className="line-clamp-2 text-xs text-quiet">{app.description}</span>
                        )}
                      </button>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        ) : (
          <VariableFields variables={open.latest.variables} values={values} onChange={setValues} />
        )}
      </form>
    </Dialog>
  );
}

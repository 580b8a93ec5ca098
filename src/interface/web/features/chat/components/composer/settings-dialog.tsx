// How this chat answers: the system prompt, presets, and every sampling setting with one sentence each.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Parameters } from '../../../../../../contracts/model.ts';
import { Button } from '../../../../components/ui/button.tsx';
import { cx } from '../../../../components/ui/cx.ts';
import { Dialog } from '../../../../components/ui/dialog.tsx';
import { Field } from '../../../../components/ui/field.tsx';
import { Input } from '../../../../components/ui/input.tsx';
import { Textarea } from '../../../../components/ui/textarea.tsx';
import type { ChatSettings } from '../../lib/conversation-settings.ts';
import { presetNames, presetOf, ranges, withPreset } from '../../lib/presets.ts';
import { ParameterRow, type RangedParameter } from './parameter-row.tsx';

export interface SettingsDialogProps {
  settings: ChatSettings;
  onApply: (change: Pick<ChatSettings, 'system' | 'parameters'>) => void;
  onClose: () => void;
}

const ranged = Object.keys(ranges) as RangedParameter[];
const MAX_STOPS = 4;

function withValue<K extends keyof Parameters>(
  all: Parameters,
  key: K,
  value: Parameters[K] | undefined,
): Parameters {
  const { [key]: _, ...rest } = all;
  return value === undefined ? rest : { ...rest, [key]: value };
}

/** undefined: empty; null: no whole number above `least`. */
function wholeNumber(text: string, least: number): number | undefined | null {
  if (text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= least && value < 2 ** 31 ? value : null;
}

export function SettingsDialog({ settings, onApply, onClose }: SettingsDialogProps) {
  const { t } = useTranslation(['chat', 'common']);
  const [system, setSystem] = useState(settings.system);
  const [parameters, setParameters] = useState(settings.parameters);
  const [maxText, setMaxText] = useState(String(settings.parameters.maxOutputTokens ?? ''));
  const [seedText, setSeedText] = useState(String(settings.parameters.seed ?? ''));
  const [stopText, setStopText] = useState((settings.parameters.stopSequences ?? []).join('\n'));
  const maximum = wholeNumber(maxText, 1);
  const seed = wholeNumber(seedText, 0);
  const stops = stopText.split('\n').filter((line) => line !== '');
  const preset = presetOf(parameters);
  const wrong = maximum === null || seed === null || stops.length > MAX_STOPS;

  const apply = () => {
    if (wrong) return;
    let next = withValue(parameters, 'maxOutputTokens', maximum);
    next = withValue(next, 'seed', seed);
    next = withValue(next, 'stopSequences', stops.length > 0 ? stops : undefined);
    onApply({ system: system.trim(), parameters: next });
    onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('settings.title')}
      description={t('settings.about')}
      width="wide"
      actions={
        <>
          <Button
            look="quiet"
            className="mr-auto"
            onClick={() => {
              setParameters({});
              setMaxText('');
              setSeedText('');
              setStopText('');
            }}
          >
            {t('settings.defaults')}
          </Button>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" disabled={wrong} onClick={apply}>
            {t('common:apply')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        <Field label={t('settings.system')} hint={t('settings.system_hint')}>
          {(control) => (
            <Textarea
              {...control}
              className="min-h-28"
              value={system}
              placeholder={t('settings.system_example')}
              onChange={(event) => setSystem(event.target.value)}
            />
          )}
        </Field>
        <fieldset>
          <legend className="mb-1.5 text-sm font-semibold">{t('preset.label')}</legend>
          <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
            {presetNames.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={preset === name}
                onClick={() => setParameters(withPreset(parameters, name))}
                className={cx(
                  'flex flex-col gap-0.5 rounded-md border px-3 py-2 text-left text-sm',
                  preset === name ? 'border-accent bg-accent-soft' : 'border-control hover:bg-sunken',
                )}
              >
                <span className="font-semibold">{t(`preset.${name}.name`)}</span>
                <span className="text-xs text-quiet">{t(`preset.${name}.about`)}</span>
              </button>
            ))}
          </div>
        </fieldset>
        <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
          {ranged.map((name) => (
            <ParameterRow
              key={name}
              name={name}
              value={parameters[name]}
              onChange={(value) => setParameters(withValue(parameters, name, value))}
            />
          ))}
        </div>
        <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
          <Field
            label={t('parameter.maxOutputTokens.label')}
            hint={t('parameter.maxOutputTokens.hint')}
            error={maximum === null ? t('parameter.maxOutputTokens.wrong') : null}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                placeholder={t('parameter.default')}
                value={maxText}
                onChange={(event) => setMaxText(event.target.value)}
              />
            )}
          </Field>
          <Field
            label={t('parameter.seed.label')}
            hint={t('parameter.seed.hint')}
            error={seed === null ? t('parameter.seed.wrong') : null}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                placeholder={t('parameter.seed.none')}
                value={seedText}
                onChange={(event) => setSeedText(event.target.value)}
              />
            )}
          </Field>
          <Field
            label={t('parameter.stopSequences.label')}
            hint={t('parameter.stopSequences.hint')}
            error={stops.length > MAX_STOPS ? t('parameter.stopSequences.wrong') : null}
          >
            {(control) => (
              <Textarea
                {...control}
                className="font-mono"
                value={stopText}
                onChange={(event) => setStopText(event.target.value)}
              />
            )}
          </Field>
        </div>
      </div>
    </Dialog>
  );
}

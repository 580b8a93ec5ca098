// What a remote model costs, entered by hand: no charge, or dollars per million tokens; unknown stays unknown.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Price } from '../../../../../contracts/money.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { parseDollars, writeDollars } from '../../../lib/dollars.ts';
import { useSetPrice } from '../api/set-price.ts';

const kinds = ['tokens', 'none', 'unknown'] as const;

export interface PriceDialogProps {
  model: string;
  price: Price;
  onOpenChange: (open: boolean) => void;
}

export function PriceDialog({ model, price, onOpenChange }: PriceDialogProps) {
  const { t, i18n } = useTranslation(['models', 'common']);
  const comma = i18n.language === 'fr';
  const known = price.kind === 'tokens' ? price : null;
  const start = (nano: number | null | undefined) =>
    nano === null || nano === undefined ? '' : writeDollars(nano, comma);
  const [kind, setKind] = useState<Price['kind']>(price.kind === 'unknown' ? 'tokens' : price.kind);
  const [input, setInput] = useState(start(known?.input));
  const [output, setOutput] = useState(start(known?.output));
  const [cached, setCached] = useState(start(known?.cacheRead));
  const [written, setWritten] = useState(start(known?.cacheWrite));
  const [touched, setTouched] = useState(false);
  const save = useSetPrice();

  const parsed = {
    input: parseDollars(input),
    output: parseDollars(output),
    cached: parseDollars(cached),
    written: parseDollars(written),
  };
  const priceNow = (): Price | null => {
    if (kind !== 'tokens') return { kind };
    if (parsed.input === null || parsed.output === null) return null;
    if (cached.trim() !== '' && parsed.cached === null) return null;
    if (written.trim() !== '' && parsed.written === null) return null;
    return {
      kind: 'tokens',
      input: parsed.input,
      output: parsed.output,
      cacheRead: parsed.cached,
      cacheWrite: parsed.written,
      source: 'entered by hand',
      date: new Date().toISOString().slice(0, 10),
    };
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    const next = priceNow();
    if (next) save.mutate({ model, price: next }, { onSuccess: () => onOpenChange(false) });
  };
  const wrong = (text: string, value: number | null, optional = false) =>
    touched && value === null && !(optional && text.trim() === '') ? t('price.wrong') : null;
  const amount = (
    label: string,
    text: string,
    set: (text: string) => void,
    error: string | null,
    hint?: string,
  ) => (
    <Field label={label} error={error} hint={hint}>
      {(control) => (
        <Input
          {...control}
          value={text}
          onChange={(event) => set(event.target.value)}
          inputMode="decimal"
          className="tabular"
          autoComplete="off"
        />
      )}
    </Field>
  );
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={t('price.title')}
      description={t('price.lead', { model })}
      actions={
        <Button look="primary" type="submit" form="price" busy={save.isPending}>
          {t('common:save')}
        </Button>
      }
    >
      <form id="price" onSubmit={submit} className="flex flex-col gap-4">
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">{t('price.title')}</legend>
          {kinds.map((one) => (
            <label key={one} className="flex items-center gap-2 text-sm">
              <input
                type="radio"
                name="kind"
                className="accent-accent"
                checked={kind === one}
                onChange={() => setKind(one)}
              />
              {t(`price.kind.${one}`)}
            </label>
          ))}
        </fieldset>
        {kind === 'tokens' ? (
          <div className="grid grid-cols-2 gap-4">
            {amount(t('price.input'), input, setInput, wrong(input, parsed.input))}
            {amount(t('price.output'), output, setOutput, wrong(output, parsed.output))}
            {amount(
              t('price.cached'),
              cached,
              setCached,
              wrong(cached, parsed.cached, true),
              t('price.cached_hint'),
            )}
            {amount(
              t('price.cache_written'),
              written,
              setWritten,
              wrong(written, parsed.written, true),
              t('price.cached_hint'),
            )}
          </div>
        ) : null}
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

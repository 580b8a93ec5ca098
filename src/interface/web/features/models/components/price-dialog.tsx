// What a remote model costs, entered by hand: no charge, or dollars per million tokens; unknown stays unknown.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Price } from '../../../../../contracts/money.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { useSetPrice } from '../api/set-price.ts';
import { draftOfPrice, type RateName, rateNames, readPrice } from '../lib/price-draft.ts';

const kinds = ['tokens', 'none', 'unknown'] as const;
const labels = {
  input: 'price.input',
  output: 'price.output',
  cacheRead: 'price.cached',
  cacheWrite: 'price.cache_written',
  cacheWriteLong: 'price.cache_hour',
} as const;
const hints = {
  input: null,
  output: null,
  cacheRead: 'price.cached_hint',
  cacheWrite: 'price.cached_hint',
  cacheWriteLong: 'price.cache_hour_hint',
} as const;

export interface PriceDialogProps {
  model: string;
  price: Price;
  onOpenChange: (open: boolean) => void;
}

export function PriceDialog({ model, price, onOpenChange }: PriceDialogProps) {
  const { t, i18n } = useTranslation(['models', 'common']);
  const [draft, setDraft] = useState(() => draftOfPrice(price, i18n.language === 'fr'));
  const [touched, setTouched] = useState(false);
  const save = useSetPrice();
  const read = readPrice(draft, new Date().toISOString().slice(0, 10));
  const wrong = touched && !read.ok ? read.wrong : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (read.ok) save.mutate({ model, price: read.price }, { onSuccess: () => onOpenChange(false) });
  };
  const rateFields = (part: 'rates' | 'longRates') =>
    rateNames.map((name: RateName) => {
      const hint = hints[name];
      return (
        <Field
          key={name}
          label={t(labels[name])}
          hint={hint ? t(hint) : undefined}
          error={wrong?.has(part === 'rates' ? name : `long.${name}`) ? t('price.wrong') : null}
        >
          {(control) => (
            <Input
              {...control}
              value={draft[part][name]}
              onChange={(event) =>
                setDraft({ ...draft, [part]: { ...draft[part], [name]: event.target.value } })
              }
              inputMode="decimal"
              className="tabular"
              autoComplete="off"
            />
          )}
        </Field>
      );
    });
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
                checked={draft.kind === one}
                onChange={() => setDraft({ ...draft, kind: one })}
              />
              {t(`price.kind.${one}`)}
            </label>
          ))}
        </fieldset>
        {draft.kind === 'tokens' ? (
          <>
            <div className="grid grid-cols-2 gap-4">{rateFields('rates')}</div>
            <label className="flex items-center gap-2 text-sm">
              <input
                type="checkbox"
                className="accent-accent"
                checked={draft.hasLongPrompt}
                onChange={(event) => setDraft({ ...draft, hasLongPrompt: event.target.checked })}
              />
              {t('price.has_long')}
            </label>
            {draft.hasLongPrompt ? (
              <fieldset className="flex flex-col gap-4 border-l border-line pl-4">
                <legend className="sr-only">{t('price.has_long')}</legend>
                <Field
                  label={t('price.over')}
                  hint={t('price.over_hint')}
                  error={wrong?.has('over') ? t('price.over_wrong') : null}
                >
                  {(control) => (
                    <Input
                      {...control}
                      value={draft.over}
                      onChange={(event) => setDraft({ ...draft, over: event.target.value })}
                      inputMode="numeric"
                      className="tabular"
                      autoComplete="off"
                    />
                  )}
                </Field>
                <div className="grid grid-cols-2 gap-4">{rateFields('longRates')}</div>
              </fieldset>
            ) : null}
          </>
        ) : null}
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

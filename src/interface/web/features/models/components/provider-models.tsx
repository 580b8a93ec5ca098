// The models of one provider: context, what each reads, and its price with where it was read. A long list is searched rather than scrolled.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Price } from '../../../../../contracts/money.ts';
import type { Provider } from '../../../../../contracts/provider.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { Input } from '../../../components/ui/input.tsx';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useSetAlias } from '../../../lib/mutations.ts';
import { useRights } from '../../../lib/session.ts';
import { PriceDialog } from './price-dialog.tsx';

const FIRST = 6;
const MOST = 50;

export function usePriceText(): (price: Price) => string {
  const { t } = useTranslation('models');
  const format = useFormat();
  return (price) => {
    if (price.kind === 'none') return t('price.kind.none');
    if (price.kind === 'unknown') return t('price.unknown');
    return t('price.pair', { input: format.dollars(price.input), output: format.dollars(price.output) });
  };
}

export function ProviderModels({ provider, defaultId }: { provider: Provider; defaultId: string | null }) {
  const { t } = useTranslation(['models', 'common']);
  const format = useFormat();
  const priceText = usePriceText();
  const mayChange = useRights().may('providers');
  /** Where a price was read and when; what else it depends on. */
  const origin = (price: Price): string => {
    if (price.kind !== 'tokens') return t(`price.kind_hint.${price.kind}`);
    const read =
      price.source === 'entered by hand'
        ? t('price.by_hand', { date: price.date })
        : t('price.read', { source: price.source, date: price.date });
    const long = price.longPrompt;
    if (!long) return read;
    const pair = t('price.pair', { input: format.dollars(long.input), output: format.dollars(long.output) });
    return `${read} ${t('price.long', { over: format.whole(long.over), pair })}`;
  };
  const setAlias = useSetAlias();
  const [text, setText] = useState('');
  const [all, setAll] = useState(false);
  const [pricing, setPricing] = useState<{ model: string; price: Price } | null>(null);

  if (provider.models.length === 0) return null;
  const found = provider.models.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
  const shown = found.slice(0, all || text !== '' ? MOST : FIRST);
  return (
    <div className="border-t border-line">
      {provider.models.length > FIRST ? (
        <div className="px-4 pt-3 pb-1">
          <Input
            type="search"
            aria-label={t('endpoints.search', { name: provider.name })}
            placeholder={t('endpoints.search_placeholder', { count: provider.models.length })}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      ) : null}
      <ul aria-label={t('endpoints.models', { name: provider.name })} className="divide-y divide-line">
        {shown.map(({ name, price, contextLength, input, byHand }) => {
          const id = `${provider.id}/${name}`;
          return (
            <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2">
              <span className="min-w-0 grow basis-48 break-all">
                {name} {id === defaultId ? <Badge tone="accent">{t('default')}</Badge> : null}
                {input?.includes('image') ? <Badge>{t('facts.images')}</Badge> : null}
                {byHand ? <span className="text-xs text-quiet"> {t('facts.by_hand')}</span> : null}
              </span>
              {contextLength ? (
                <span className="tabular text-xs text-quiet">
                  {t('facts.context', { value: format.whole(contextLength) })}
                </span>
              ) : null}
              <Tooltip text={origin(price)}>
                <button
                  type="button"
                  disabled={!mayChange}
                  onClick={() => setPricing({ model: id, price })}
                  aria-label={t('price.change', { name, price: priceText(price) })}
                  className={cx(
                    'tabular rounded-sm text-xs underline decoration-line underline-offset-4 hover:text-ink hover:decoration-control',
                    price.kind === 'unknown' ? 'text-needs' : 'text-quiet',
                  )}
                >
                  {priceText(price)}
                </button>
              </Tooltip>
              {id === defaultId || !mayChange ? null : (
                <Button
                  size="small"
                  look="quiet"
                  className="-mr-2"
                  busy={setAlias.isPending && setAlias.variables.model === id}
                  onClick={() => setAlias.mutate({ alias: 'default', model: id })}
                >
                  {t('make_default')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {found.length === 0 ? <p className="px-4 py-3 text-quiet">{t('endpoints.none_found')}</p> : null}
      {found.length > shown.length && text === '' ? (
        <div className="border-t border-line px-2 py-1">
          <Button size="small" look="quiet" onClick={() => setAll(true)} disabled={all}>
            {all ? t('endpoints.narrow') : t('endpoints.show_all', { count: found.length })}
          </Button>
        </div>
      ) : null}
      {pricing ? <PriceDialog {...pricing} onOpenChange={(open) => !open && setPricing(null)} /> : null}
    </div>
  );
}

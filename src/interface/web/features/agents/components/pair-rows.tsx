// Names with values that may be secret: environment variables, headers.
import Plus from 'lucide-react/icons/plus';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import type { Pair } from '../lib/server-draft.ts';

export interface PairRowsProps {
  title: string;
  pairs: readonly Pair[];
  onChange: (pairs: Pair[]) => void;
}

export function PairRows({ title, pairs, onChange }: PairRowsProps) {
  const { t } = useTranslation('agents');
  const set = (index: number, part: Partial<Pair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...part } : pair)));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-semibold">{title}</legend>
      {pairs.map((pair, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name while it is typed
        <div key={index} className="flex items-center gap-1.5">
          <Input
            aria-label={t('servers.form.name')}
            placeholder={t('servers.form.name')}
            className="font-mono"
            value={pair.name}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => set(index, { name: event.target.value, stored: false })}
          />
          <Input
            type="password"
            aria-label={t('servers.form.value')}
            placeholder={pair.stored ? `•••••• ${t('servers.form.stored')}` : t('servers.form.value')}
            value={pair.value}
            autoComplete="off"
            onChange={(event) => set(index, { value: event.target.value })}
          />
          <IconButton
            label={t('servers.form.remove_pair', { name: pair.name })}
            icon={<X />}
            size="small"
            onClick={() => onChange(pairs.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="flex items-center gap-3">
        <Button
          size="small"
          look="quiet"
          icon={<Plus />}
          onClick={() => onChange([...pairs, { name: '', value: '', stored: false }])}
        >
          {t('servers.form.add_pair')}
        </Button>
        <p className="text-xs text-quiet">{t('servers.form.secret_hint')}</p>
      </div>
    </fieldset>
  );
}

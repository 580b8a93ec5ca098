// Whether the engine gives what the trainer learned, as a mark with its words.
import Check from 'lucide-react/icons/check';
import Equal from 'lucide-react/icons/equal-approximately';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useTranslation } from 'react-i18next';
import type { TunedFile } from '../../../../../contracts/tuned-model.ts';
import { cx } from '../../../components/ui/cx.ts';
import { useFormat } from '../../../lib/format.ts';
import { parityCase, powerOfTen } from '../lib/parity-words.ts';

const looks = {
  same: { icon: Check, tone: 'text-ready' },
  moved: { icon: Equal, tone: 'text-ready' },
  other_tokens: { icon: TriangleAlert, tone: 'text-failed' },
  differs: { icon: TriangleAlert, tone: 'text-failed' },
} as const;

export function ParityMark({ file }: { file: TunedFile }) {
  const { t, i18n } = useTranslation('training');
  const format = useFormat();
  const { parity } = file;
  if (parity === null) return <span className="text-quiet">{t('parity.unknown')}</span>;
  const which = parityCase(parity);
  const { icon: Icon, tone } = looks[which];
  return (
    <span className={cx('inline-flex items-start gap-1.5', tone)}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <span>
        {t(`parity.${which}`, {
          bound: powerOfTen(parity.bound, i18n.language),
          max: powerOfTen(parity.maxDifference, i18n.language),
          mean: powerOfTen(parity.meanDifference, i18n.language),
        })}
        <span className="block text-xs text-quiet">
          {t('parity.tokens', {
            count: parity.tokens,
            n: format.whole(parity.tokens),
            max: powerOfTen(parity.maxDifference, i18n.language),
          })}
        </span>
      </span>
    </span>
  );
}

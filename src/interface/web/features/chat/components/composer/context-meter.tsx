// "1,240 of 32,768 tokens": what the next message would use of what the model can read at once.
import { useTranslation } from 'react-i18next';
import { cx } from '../../../../components/ui/cx.ts';
import { Tooltip } from '../../../../components/ui/tooltip.tsx';
import { useFormat } from '../../../../lib/format.ts';
import type { Count } from '../../api/count-tokens.ts';

export function ContextMeter({ count }: { count: Count | null }) {
  const { t } = useTranslation('chat');
  const format = useFormat();
  if (!count || count.tokens === null) return null;
  const { tokens, contextLength } = count;
  const share = contextLength === null ? 0 : tokens / contextLength;
  const text =
    contextLength === null
      ? t('context.tokens', { count: tokens, tokens: format.whole(tokens) })
      : t('context.meter', { tokens: format.whole(tokens), total: format.whole(contextLength) });
  return (
    <Tooltip text={t(share > 1 ? 'context.full_hint' : 'context.hint')}>
      <span
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard
        tabIndex={0}
        className={cx(
          'rounded-sm px-1 text-xs whitespace-nowrap tabular',
          share > 1 ? 'font-semibold text-failed' : share > 0.85 ? 'text-needs' : 'text-quiet',
        )}
      >
        {text}
      </span>
    </Tooltip>
  );
}

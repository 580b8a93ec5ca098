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
  const { tokens, contextLength, passageTokens, by } = count;
  const share = contextLength === null ? 0 : tokens / contextLength;
  const whole =
    contextLength === null
      ? t('context.tokens', { count: tokens, tokens: format.whole(tokens) })
      : t('context.meter', { tokens: format.whole(tokens), total: format.whole(contextLength) });
  // A phone has no room for it; the explanation says it there.
  const passages =
    passageTokens === null || passageTokens === 0
      ? null
      : t('context.passages', { count: passageTokens, tokens: format.whole(passageTokens) });
  const hint = t(share > 1 ? 'context.full_hint' : `context.hint_${by}`);
  return (
    <Tooltip text={passages === null ? hint : `${hint} ${t('context.hint_passages', { passages })}`}>
      <span
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard
        tabIndex={0}
        className={cx(
          'rounded-sm px-1 text-xs whitespace-nowrap tabular',
          share > 1 ? 'font-semibold text-failed' : share > 0.85 ? 'text-needs' : 'text-quiet',
        )}
      >
        {whole}
        {passages === null ? null : <span className="max-sm:hidden">{` + ${passages}`}</span>}
      </span>
    </Tooltip>
  );
}

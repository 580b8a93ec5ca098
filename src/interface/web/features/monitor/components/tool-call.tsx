// A call of a tool: what it does to the world, its exact arguments, what came back.
import { useTranslation } from 'react-i18next';
import type { Span } from '../../../../../contracts/span.ts';
import { ArgumentsList } from '../../../components/run/arguments-list.tsx';
import { EffectBadge } from '../../../components/run/effect-badge.tsx';
import { ToolResultView } from '../../../components/run/tool-step.tsx';
import { useToolTitle } from '../../../lib/known-names.ts';
import { readTool } from '../lib/read-span.ts';

export function ToolCall({ span }: { span: Span }) {
  const { t } = useTranslation('monitor');
  const toolTitle = useToolTitle();
  const { name, effect, input, result } = readTool(span);
  return (
    <div className="flex max-w-[80ch] flex-col gap-4">
      <p className="flex flex-wrap items-center gap-x-3">
        <span className="font-semibold">{toolTitle(name, name)}</span>
        <span className="font-mono text-xs text-quiet">{name}</span>
        {effect ? <EffectBadge effect={effect} /> : null}
      </p>
      <div>
        <h3 className="mb-1 text-xs font-semibold text-quiet">{t('tool.arguments')}</h3>
        <ArgumentsList input={input} />
      </div>
      <div>
        <h3 className="mb-1 text-xs font-semibold text-quiet">{t('tool.result')}</h3>
        {result ? <ToolResultView result={result} /> : <p className="text-quiet">{t('tool.none')}</p>}
      </div>
    </div>
  );
}

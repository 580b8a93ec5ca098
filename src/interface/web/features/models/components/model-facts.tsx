// The quiet line of facts under a model's name: weights, precision, size, context, licence, languages.
import { useTranslation } from 'react-i18next';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useFormat } from '../../../lib/format.ts';

export interface Facts {
  parameters: number | null;
  quantization: string | null;
  sizeBytes: number | null;
  contextLength: number | null;
  licence: string | null;
  languages: readonly string[];
}

export function ModelFacts({ facts }: { facts: Facts }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  const shown: { key: string; text: string; hint?: string }[] = [];
  if (facts.sizeBytes !== null) shown.push({ key: 'size', text: format.size(facts.sizeBytes) });
  if (facts.parameters)
    shown.push({
      key: 'parameters',
      text: t('facts.parameters', { value: format.compact(facts.parameters) }),
      hint: t('facts.parameters_hint'),
    });
  if (facts.quantization)
    shown.push({ key: 'quantization', text: facts.quantization, hint: t('facts.quantization_hint') });
  if (facts.contextLength)
    shown.push({
      key: 'context',
      text: t('facts.context', { value: format.whole(facts.contextLength) }),
      hint: t('facts.context_hint'),
    });
  if (facts.licence) shown.push({ key: 'licence', text: facts.licence, hint: t('facts.licence_hint') });
  if (facts.languages.length > 0)
    shown.push({
      key: 'languages',
      text: format.list(facts.languages.map((tag) => format.languageName(tag))),
      hint: t('facts.languages_hint'),
    });
  return (
    <ul className="flex flex-wrap text-xs text-quiet [&>li:not(:last-child)]:after:mx-1.5 [&>li:not(:last-child)]:after:content-['·']">
      {shown.map(({ key, text, hint }) => (
        <li key={key}>
          {hint ? (
            <Tooltip text={hint}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard */}
              <span tabIndex={0} className="cursor-help rounded-sm">
                {text}
              </span>
            </Tooltip>
          ) : (
            text
          )}
        </li>
      ))}
    </ul>
  );
}

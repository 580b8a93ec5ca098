// A text of an example with the personal data in it marked, each with what it is.
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../../../contracts/dataset.ts';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { markFindings } from '../lib/mark-findings.ts';

const known = [
  'email',
  'phone',
  'iban',
  'card',
  'nir',
  'siren',
  'siret',
  'ip',
  'secret',
  'person',
  'address',
  'birth_date',
] as const;

/** The words for a type; a type of a newer program is shown as it is. */
export function useTypeWord(): (type: string) => string {
  const { t } = useTranslation('datasets');
  return (type) => {
    const one = known.find((each) => each === type);
    return one ? t(`finding.${one}`) : type;
  };
}

export function FoundText({ text, findings }: { text: string; findings: readonly Finding[] }) {
  const { t } = useTranslation('datasets');
  const word = useTypeWord();
  if (findings.length === 0) return text;
  return markFindings(text, findings).map((piece) => {
    const first = piece.findings[0];
    if (first === undefined) return <span key={piece.start}>{piece.text}</span>;
    const label = piece.findings
      .map(({ type, certain }) => `${word(type)} (${t(certain ? 'example.certain' : 'example.uncertain')})`)
      .join(', ');
    return (
      <Tooltip key={piece.start} text={label}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard */}
        <mark tabIndex={0} className="rounded-[2px] bg-mark text-ink">
          {piece.text}
          <span className="sr-only"> ({label})</span>
        </mark>
      </Tooltip>
    );
  });
}

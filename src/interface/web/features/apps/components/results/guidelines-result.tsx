// A verdict for each rule, as a card: the rule, how sure, the sentence that breaks it, how to put it instead.
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleSlash from 'lucide-react/icons/circle-slash';
import CircleX from 'lucide-react/icons/circle-x';
import { useTranslation } from 'react-i18next';
import { cx } from '../../../../components/ui/cx.ts';
import { useFormat } from '../../../../lib/format.ts';
import { isObject } from '../../../../lib/json-schema.ts';
import { GenericResult } from './generic-result.tsx';
import { MarkedText } from './marked-text.tsx';
import type { ResultProps } from './result-props.ts';

const verdicts = {
  respected: { Icon: CircleCheck, look: 'text-ready' },
  broken: { Icon: CircleX, look: 'text-failed' },
  'not applicable': { Icon: CircleSlash, look: 'text-quiet' },
} as const;
type Verdict = keyof typeof verdicts;

export function GuidelinesResult(props: ResultProps) {
  const { t } = useTranslation('apps');
  const format = useFormat();
  const { input, output, running } = props;
  if (!isObject(output) || !Array.isArray(output.findings)) return <GenericResult {...props} />;
  const text = isObject(input) && typeof input.text === 'string' ? input.text : '';
  const findings = output.findings.filter(isObject);
  const broken = findings.filter((one) => one.verdict === 'broken');
  const marks = findings.flatMap((one, index) =>
    isObject(one.quote)
      ? [{ start: Number(one.quote.start), end: Number(one.quote.end), label: String(index + 1) }]
      : [],
  );
  return (
    <div className="flex flex-col gap-4">
      {running ? null : (
        <p className={cx('text-lg font-semibold', broken.length > 0 ? 'text-failed' : 'text-ready')}>
          {broken.length === 0 ? t('result.none_broken') : t('result.broken_count', { count: broken.length })}
        </p>
      )}
      <ol className="flex flex-col gap-2">
        {findings.map((finding, index) => {
          const verdict = (finding.verdict as Verdict) in verdicts ? (finding.verdict as Verdict) : null;
          const { Icon, look } = verdicts[verdict ?? 'not applicable'];
          const quote = isObject(finding.quote) ? String(finding.quote.text ?? '') : '';
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: findings stand in the order of the rules
              key={index}
              className="rounded-md border border-line bg-raised px-4 py-3"
            >
              <div className="flex items-start gap-2.5">
                <Icon className={cx('mt-0.5 size-4 shrink-0', look)} aria-hidden="true" />
                <p className="min-w-0 grow break-words">
                  <span className="tabular text-quiet">{index + 1}.</span> {String(finding.rule ?? '')}
                </p>
                <span className={cx('shrink-0 text-xs', look)}>
                  {verdict === null ? String(finding.verdict) : t(`result.${verdict}`)}
                </span>
              </div>
              {typeof finding.probability === 'number' ? (
                <p className="tabular mt-0.5 ml-6.5 text-xs text-quiet">
                  {t('result.sure', { percent: format.percent(finding.probability) })}
                </p>
              ) : null}
              {quote === '' ? null : (
                <div className="mt-2 ml-6.5">
                  <h4 className="text-xs text-quiet">{t('result.quote')}</h4>
                  <blockquote className="border-l-2 border-failed pl-3 text-sm break-words">
                    {quote}
                  </blockquote>
                </div>
              )}
              {typeof finding.suggestion === 'string' && finding.suggestion !== '' ? (
                <div className="mt-2 ml-6.5">
                  <h4 className="text-xs text-quiet">{t('result.suggestion')}</h4>
                  <p className="border-l-2 border-ready pl-3 text-sm break-words">{finding.suggestion}</p>
                </div>
              ) : null}
            </li>
          );
        })}
      </ol>
      {text === '' || marks.length === 0 ? null : (
        <div>
          <h3 className="mb-1 text-xs text-quiet">{t('result.text')}</h3>
          <MarkedText text={text} marks={marks} />
        </div>
      )}
    </div>
  );
}

// Code with the test run of each attempt, the last one open; an explanation as Markdown.
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleDashed from 'lucide-react/icons/circle-dashed';
import CircleX from 'lucide-react/icons/circle-x';
import { useTranslation } from 'react-i18next';
import { LongText } from '../../../../components/run/long-text.tsx';
import { cx } from '../../../../components/ui/cx.ts';
import { isObject } from '../../../../lib/json-schema.ts';
import { GenericResult } from './generic-result.tsx';
import type { RenderText, ResultProps } from './result-props.ts';

const fence = (code: string, language: string): string => `\`\`\`\`${language}\n${code}\n\`\`\`\``;

export function CoderResult(props: ResultProps) {
  const { t } = useTranslation('apps');
  const { output, text, running, renderText } = props;
  if (output === undefined) return renderText(text, !running);
  if (!isObject(output)) return <GenericResult {...props} />;
  const language = typeof output.language === 'string' ? output.language : '';
  const attempts = Array.isArray(output.attempts) ? output.attempts.filter(isObject) : [];
  const code = typeof output.code === 'string' ? output.code : null;
  return (
    <div className="flex flex-col gap-4">
      {output.passed === true ? <p className="text-sm text-ready">{t('result.all_passed')}</p> : null}
      {output.passed === false && !running ? (
        <p className="text-sm text-failed">{t('result.still_failing')}</p>
      ) : null}
      {code === null ? null : renderText(fence(code, language), true)}
      {typeof output.explanation === 'string' && output.explanation !== '' ? (
        <div>
          {code === null ? null : <h3 className="mb-1 text-xs text-quiet">{t('result.explanation')}</h3>}
          {renderText(output.explanation, true)}
        </div>
      ) : null}
      {attempts.length > 0 ? (
        <section>
          <h3 className="mb-1 text-xs text-quiet">{t('result.attempts')}</h3>
          <ol className="divide-y divide-line rounded-md border border-line bg-raised">
            {attempts.map((attempt, index) => (
              <Attempt
                // biome-ignore lint/suspicious/noArrayIndexKey: attempts are only ever added at the end
                key={index}
                attempt={attempt}
                number={index + 1}
                last={index === attempts.length - 1}
                shown={code}
                language={language}
                renderText={renderText}
              />
            ))}
          </ol>
        </section>
      ) : null}
    </div>
  );
}

const marks = {
  passed: { Icon: CircleCheck, look: 'text-ready' },
  failed: { Icon: CircleX, look: 'text-failed' },
  not_run: { Icon: CircleDashed, look: 'text-quiet' },
} as const;

interface AttemptProps {
  attempt: Record<string, unknown>;
  number: number;
  last: boolean;
  /** The code that stands above already. */
  shown: string | null;
  language: string;
  renderText: RenderText;
}

function Attempt({ attempt, number, last, shown, language, renderText }: AttemptProps) {
  const { t } = useTranslation('apps');
  const state = attempt.passed === true ? 'passed' : attempt.passed === false ? 'failed' : 'not_run';
  const { Icon, look } = marks[state];
  const code = String(attempt.code ?? '');
  return (
    <li>
      <details open={state === 'failed' && last}>
        <summary className="flex list-none items-center gap-2 px-4 py-2 text-sm hover:bg-sunken [&::-webkit-details-marker]:hidden">
          <Icon className={cx('size-4 shrink-0', look)} aria-hidden="true" />
          <span className="grow">{t('result.attempt', { n: number })}</span>
          <span className={cx('text-xs', look)}>{t(`result.${state}`)}</span>
        </summary>
        <div className="flex flex-col gap-2 px-4 pb-3">
          {typeof attempt.error === 'string' && attempt.error !== '' ? (
            <LongText text={attempt.error} className="rounded-md bg-failed-soft px-3 py-2" />
          ) : null}
          {typeof attempt.console === 'string' && attempt.console !== '' ? (
            <div>
              <h4 className="text-xs text-quiet">{t('result.console')}</h4>
              <LongText text={attempt.console} className="rounded-md bg-sunken px-3 py-2" />
            </div>
          ) : null}
          {code === '' || code === shown ? null : renderText(fence(code, language), true)}
        </div>
      </details>
    </li>
  );
}

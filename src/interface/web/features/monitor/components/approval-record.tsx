// A step that waited for a person: what was asked, why, and what the person said.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Span } from '../../../../../contracts/span.ts';
import { ArgumentsList } from '../../../components/run/arguments-list.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { useToolTitle } from '../../../lib/known-names.ts';
import { readApproval } from '../lib/read-span.ts';

export function ApprovalRecord({ span }: { span: Span }) {
  const { t } = useTranslation(['monitor', 'run']);
  const toolTitle = useToolTitle();
  const { tool, rule, input, decision, edited, reason } = readApproval(span);
  return (
    <div className="flex max-w-[80ch] flex-col gap-4">
      <p>
        {t('approval.asked', { tool: toolTitle(tool, tool) })}.{' '}
        <span className="text-quiet">
          {rule === 'always' ? t('run:approval.why.always') : rule === '' ? '' : t('approval.rule', { rule })}
        </span>
      </p>
      <div>
        <h3 className="mb-1 text-xs font-semibold text-quiet">{t('tool.arguments')}</h3>
        <ArgumentsList input={input} />
      </div>
      <p className={decision === null && span.status === 'running' ? 'text-needs' : ''}>
        {decision === null
          ? span.status === 'running'
            ? t('approval.open')
            : ''
          : t(`approval.${decision}`)}
        {edited ? ` ${t('approval.edited')}` : ''}
        {reason ? ` ${t('approval.reason', { reason })}` : ''}
      </p>
      {decision === null && span.status === 'running' ? (
        <Link
          to="/agents"
          search={{ tab: 'approvals' }}
          className={buttonClass('secondary', 'small', 'self-start')}
        >
          {t('approval.go')}
        </Link>
      ) : null}
    </div>
  );
}

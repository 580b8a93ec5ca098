// One document: its place, its state, its figures, and, when something is wrong with it, what helps.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import { useDocumentFacts } from '../../../components/document/document-facts.tsx';
import { Tooltip } from '../../../components/ui/tooltip.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { DocumentMenu } from './document-menu.tsx';
import { StatusBadge } from './status-badge.tsx';

const cell = 'px-3 py-2.5 align-top whitespace-nowrap';
const wide = `${cell} hidden lg:table-cell`;
const figure = `${wide} tabular text-right`;

export function DocumentRow({ document }: { document: KnowledgeDocument }) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const facts = useDocumentFacts();
  const params = { collectionId: document.collectionId, documentId: document.id };
  const nothing = '–';
  return (
    <tr className="group/row grid grid-cols-[minmax(0,1fr)_3rem] hover:bg-sunken lg:table-row">
      <td className={`${cell} lg:max-w-0`}>
        <Link
          to="/knowledge/$collectionId/$documentId"
          params={params}
          className="block truncate rounded-sm hover:underline"
          title={document.title}
        >
          {document.title}
        </Link>
        {document.path === document.title ? null : (
          <p className="truncate text-xs text-quiet" title={document.path}>
            {document.path}
          </p>
        )}
        <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 lg:hidden">
          <StatusBadge document={document} />
          <span className="tabular text-xs whitespace-normal text-quiet">{facts(document).join(' · ')}</span>
        </div>
        <Trouble document={document} />
      </td>
      <td className={wide}>
        <StatusBadge document={document} />
      </td>
      <td className={`${wide} text-quiet`}>
        {document.kind === null ? nothing : t(`kind.${document.kind}`)}
      </td>
      <td className={figure}>{document.pageCount === null ? nothing : format.whole(document.pageCount)}</td>
      <td className={figure}>{document.passages === 0 ? nothing : format.whole(document.passages)}</td>
      <td className={figure}>{format.size(Math.max(1000, document.sizeBytes))}</td>
      <td className={`${cell} w-12 pr-2 text-right`}>
        <DocumentMenu document={document} />
      </td>
    </tr>
  );
}

/** Why it could not be read and what helps; pages that are only pictures; what was guessed or left out. */
function Trouble({ document }: { document: KnowledgeDocument }) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const say = useErrorText();
  const { error, scanPages } = document;
  const warnings = document.warnings.filter(
    ({ code }) => code !== 'pages_not_read' && !(code === 'no_text' && scanPages > 0),
  );
  return (
    <>
      {error && document.status === 'failed' ? (
        <p className="mt-1 text-xs whitespace-normal">
          <span className="block font-semibold text-failed">{say(error).title}</span>
          <span className="text-quiet">{say(error).detail}</span>
        </p>
      ) : null}
      {scanPages > 0 ? (
        <p className="mt-1 text-xs whitespace-normal text-needs">
          {t('scan_pages', { count: scanPages, n: format.whole(scanPages) })}
        </p>
      ) : null}
      {warnings.map((warning) => (
        <p key={warning.code} className="mt-1 text-xs whitespace-normal text-quiet">
          <Tooltip text={warning.message}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must be reachable by keyboard */}
            <span tabIndex={0} className="rounded-sm">
              {t(`warning.${warning.code}`)}
            </span>
          </Tooltip>
        </p>
      ))}
    </>
  );
}

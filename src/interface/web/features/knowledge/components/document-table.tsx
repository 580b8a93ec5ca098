// Documents as rows: a table on a wide screen, two lines a row on a narrow one. Rows out of sight are not laid out.
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import { DocumentRow } from './document-row.tsx';

const head = 'px-3 py-2 text-left text-xs font-semibold text-quiet whitespace-nowrap';

export function DocumentTable({
  documents,
  label,
}: {
  documents: readonly KnowledgeDocument[];
  label: string;
}) {
  const { t } = useTranslation('knowledge');
  return (
    <div className="overflow-hidden rounded-md border border-line bg-raised">
      <table className="block w-full border-collapse text-sm lg:table">
        <caption className="sr-only">{t('list.caption', { name: label })}</caption>
        <thead className="hidden border-b border-line bg-sunken lg:table-header-group">
          <tr>
            <th className={`${head} w-full`}>{t('column.document')}</th>
            <th className={head}>{t('column.status')}</th>
            <th className={head}>{t('column.kind')}</th>
            <th className={`${head} text-right`}>{t('column.pages')}</th>
            <th className={`${head} text-right`}>{t('column.passages')}</th>
            <th className={`${head} text-right`}>{t('column.size')}</th>
            <th className="w-12">
              <span className="sr-only">{t('column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody className="block divide-y divide-line lg:table-row-group">
          {documents.map((document) => (
            <DocumentRow key={document.id} document={document} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

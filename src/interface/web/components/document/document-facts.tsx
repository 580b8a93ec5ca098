// What is known of a document in one quiet line, and under it what was not read.
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../contracts/knowledge.ts';
import { useFormat } from '../../lib/format.ts';

/** What a kind of document is parted into. */
function unitOf(kind: KnowledgeDocument['kind']): 'pages' | 'slides' | 'sheets' {
  if (kind === 'xlsx' || kind === 'ods') return 'sheets';
  return kind === 'pptx' || kind === 'odp' ? 'slides' : 'pages';
}

export function useDocumentFacts(): (document: KnowledgeDocument) => string[] {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  return (document) =>
    [
      document.kind === null ? null : t(`kind.${document.kind}`),
      document.pageCount === null
        ? null
        : t(unitOf(document.kind), { count: document.pageCount, n: format.whole(document.pageCount) }),
      document.passages === 0
        ? null
        : t('passages', { count: document.passages, n: format.whole(document.passages) }),
      format.size(Math.max(1000, document.sizeBytes)),
      document.language === null ? null : format.languageName(document.language),
    ].filter((fact) => fact !== null);
}

export function DocumentFacts({ document }: { document: KnowledgeDocument }) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const facts = useDocumentFacts();
  return (
    <>
      <p className="tabular truncate text-xs text-quiet">{facts(document).join(' · ')}</p>
      {document.scanPages > 0 ? (
        <p className="text-xs text-needs">
          {t('scan_pages', { count: document.scanPages, n: format.whole(document.scanPages) })}
        </p>
      ) : null}
    </>
  );
}

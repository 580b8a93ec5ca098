// A document on a page of its own.
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import { useTranslation } from 'react-i18next';
import { DocumentView } from '../../../components/document/document-view.tsx';
import { usePageTitle } from '../../../components/page.tsx';
import { buttonClass } from '../../../components/ui/button.tsx';
import { useDocument } from '../../../lib/knowledge/documents.ts';
import { writePlace } from '../../../lib/knowledge/place.ts';
import { useCollection } from '../api/collection.ts';
import { DocumentMenu } from './document-menu.tsx';

export function DocumentPage() {
  const { t } = useTranslation('knowledge');
  const navigate = useNavigate();
  const params = useParams({ from: '/knowledge/$collectionId/$documentId' });
  const { at } = useSearch({ from: '/knowledge/$collectionId/$documentId' });
  const document = useDocument(params.documentId).data;
  const collection = useCollection(params.collectionId).data;
  const back = t('viewer.back', { name: collection?.name ?? t('title') });
  usePageTitle(document?.title ?? t('viewer.document'));
  return (
    <DocumentView
      wholePage
      documentId={params.documentId}
      place={at}
      onRange={(range) =>
        void navigate({
          to: '/knowledge/$collectionId/$documentId',
          params,
          search: { at: writePlace(range) },
          replace: true,
        })
      }
      before={
        <Link
          to="/knowledge/$collectionId"
          params={{ collectionId: params.collectionId }}
          aria-label={back}
          title={back}
          className={buttonClass('quiet', 'medium', 'w-9 px-0! text-quiet')}
        >
          <ArrowLeft aria-hidden="true" />
        </Link>
      }
      after={
        document ? (
          <DocumentMenu
            document={document}
            size="medium"
            onDeleted={() =>
              void navigate({
                to: '/knowledge/$collectionId',
                params: { collectionId: params.collectionId },
              })
            }
          />
        ) : null
      }
    />
  );
}

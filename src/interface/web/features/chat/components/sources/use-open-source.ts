// Opens the document of a source at its passage: beside the conversation where there is one, else on its own page.
import { useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Source } from '../../../../../../contracts/knowledge.ts';
import { writePlace } from '../../../../lib/knowledge/place.ts';
import { showAgain } from '../../../../lib/knowledge/show-again.ts';

export function useOpenSource(): (source: Source) => void {
  const navigate = useNavigate();
  const router = useRouter();
  const { conversationId } = useParams({ strict: false });
  return useCallback(
    (source) => {
      const at = writePlace(source);
      const shown = router.state.location.search as { document?: string; at?: string };
      if (conversationId && shown.document === source.documentId && shown.at === at) return showAgain();
      if (conversationId)
        void navigate({
          to: '/chat/$conversationId',
          params: { conversationId },
          search: { document: source.documentId, at },
        });
      else
        void navigate({
          to: '/knowledge/$collectionId/$documentId',
          params: { collectionId: source.collectionId, documentId: source.documentId },
          search: { at },
        });
    },
    [navigate, router, conversationId],
  );
}

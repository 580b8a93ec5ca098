// Opens the document of a source at its passage: beside the conversation where there is one, else on its own page.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Source } from '../../../../../../contracts/knowledge.ts';
import { writePlace } from '../../../../lib/knowledge/place.ts';

export function useOpenSource(): (source: Source) => void {
  const navigate = useNavigate();
  const { conversationId } = useParams({ strict: false });
  return useCallback(
    (source) => {
      const at = writePlace(source);
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
    [navigate, conversationId],
  );
}

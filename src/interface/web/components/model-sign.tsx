// The small sign of the rail: which model answers on this page, and where it is.
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { findModel, useConversation, useModels } from '../lib/queries.ts';
import { PlaceSign } from './place-sign.tsx';

/** The model of the conversation that is open, else the default. */
export function useAnsweringModel() {
  const { conversationId } = useParams({ strict: false });
  const models = useModels();
  const open = useConversation(conversationId);
  return findModel(models.data, open.data?.conversation.model ?? 'default');
}

export function ModelSign() {
  const { t } = useTranslation('shell');
  const model = useAnsweringModel();
  return (
    <div className="flex min-w-0 flex-col gap-0.5 px-2.5 py-2">
      <p className="sr-only">{t('answering')}</p>
      <Link to="/models" className="truncate text-sm hover:underline">
        {model?.displayName ?? t('no_model')}
      </Link>
      {model ? <PlaceSign place={model.place} /> : null}
    </div>
  );
}

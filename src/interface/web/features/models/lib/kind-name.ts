// What a kind of provider is called: a company's or program's own name, and words for the one that is nobody's.
import { useTranslation } from 'react-i18next';
import type { ProviderKind } from '../../../../../contracts/provider.ts';
import { kindNames } from './provider-draft.ts';

export function useKindName(): (kind: ProviderKind) => string {
  const { t } = useTranslation('models');
  return (kind) => (kind === 'openai-compatible' ? t('provider.compatible') : kindNames[kind]);
}

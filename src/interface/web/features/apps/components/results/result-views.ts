// How the result of each built-in app is drawn; an app without a row gets the general drawing.
import type { ComponentType } from 'react';
import { CoderResult } from './coder-result.tsx';
import { ExtractResult } from './extract-result.tsx';
import { GuidelinesResult } from './guidelines-result.tsx';
import type { ResultProps } from './result-props.ts';
import { SentimentResult } from './sentiment-result.tsx';
import { TextResult } from './text-result.tsx';
import { TranslateResult } from './translate-result.tsx';
import { WriterResult } from './writer-result.tsx';

export const resultViews: Record<string, ComponentType<ResultProps> | undefined> = {
  chatbot: TextResult,
  coder: CoderResult,
  extract: ExtractResult,
  guidelines: GuidelinesResult,
  sentiment: SentimentResult,
  summarise: TextResult,
  translate: TranslateResult,
  writer: WriterResult,
};

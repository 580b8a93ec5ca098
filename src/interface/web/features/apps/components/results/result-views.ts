// How the result of each built-in app is drawn; an app without a row gets the general drawing.
import type { ComponentType } from 'react';
import type { ResultProps } from './result-props.ts';
import { SentimentResult } from './sentiment-result.tsx';
import { TextResult } from './text-result.tsx';

export const resultViews: Record<string, ComponentType<ResultProps> | undefined> = {
  chatbot: TextResult,
  sentiment: SentimentResult,
  summarise: TextResult,
};

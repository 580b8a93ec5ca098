// What is said of a model that is asked to write and cannot.
import { AtelierError } from '../contracts/errors.ts';
import type { ModelInfo } from '../contracts/model.ts';

const words: Record<Exclude<ModelInfo['kind'], 'chat'>, string> = {
  embedding: 'an embedding model',
  classifier: 'a classifier',
};

export const notAChatModel = ({ id, kind }: Pick<ModelInfo, 'id' | 'kind'>): AtelierError =>
  new AtelierError(
    'invalid_request',
    `${id} is ${kind === 'chat' ? 'no chat model' : words[kind]} and cannot answer. Choose a chat model.`,
    { data: { model: id, kind } },
  );

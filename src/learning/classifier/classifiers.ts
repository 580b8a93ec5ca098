// The contract of classifiers: trained from a dataset of labels, asked through the typed decision call.
import type { DecideInput, Decision } from '../../contracts/app.ts';
import type { Classifier, ClassifierInput } from '../../contracts/classifier.ts';
import type { Identity } from '../../contracts/identity.ts';
import type { Task } from '../../contracts/task.ts';
import type { CallContext } from '../../models/model-call.ts';

export interface Classifiers {
  /** A durable job; its result holds name and model. @throws AtelierError conflict, not_found, invalid_request */
  train(who: Identity, input: ClassifierInput): Promise<Task>;
  list(who: Identity): Promise<Classifier[]>;
  get(who: Identity, name: string): Promise<Classifier>;
  remove(who: Identity, name: string): Promise<void>;
  /** @throws AtelierError model_not_found and whatever embedding throws */
  classify(
    name: string,
    texts: readonly string[],
    context: CallContext,
    signal?: AbortSignal,
  ): Promise<Decision[]>;
  /** Over the options of the question, which must be labels of the classifier. @throws as `classify`, invalid_request */
  decide(name: string, input: DecideInput, context: CallContext, signal?: AbortSignal): Promise<Decision>;
  /** Told when one comes or goes. */
  onChange(listener: () => void): () => void;
}

// A trained classifier answers: one embedding call for all texts, then a row of numbers a text. In the ledger it is a
// decision like any other, with the embedding below it.
import type { DecideInput, Decision } from '../../contracts/app.ts';
import { AtelierError, toAtelierError } from '../../contracts/errors.ts';
import { mayAsk } from '../../contracts/identity.ts';
import { optionsOf } from '../../models/decide/decision-prompt.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { CallContext } from '../../models/model-call.ts';
import type { Ledger } from '../../monitoring/ledger.ts';
import { probabilitiesOf } from './calibrate.ts';
import type { KeptClassifier } from './classifier-rows.ts';
import { embedTexts } from './embed-texts.ts';
import { logitsOf } from './logistic.ts';

export interface AskClassifierParts {
  gateway: Pick<Gateway, 'embed'>;
  ledger: Pick<Ledger, 'startSpan'>;
}

export interface AskClassifierInput {
  texts: readonly string[];
  /** What may be said; absent: every label. */
  question?: DecideInput['question'];
  /** As the caller named it: an alias counts for the scope of a key. */
  asked: string;
}

interface Choice {
  value: Decision['value'];
  label: string;
  /** Place of the label in the head. */
  index: number;
}

/** @throws AtelierError forbidden, invalid_request (an option is no label), and what embedding throws */
export async function askClassifier(
  { gateway, ledger }: AskClassifierParts,
  { classifier, head }: KeptClassifier,
  { texts, question, asked }: AskClassifierInput,
  context: CallContext,
  signal?: AbortSignal,
): Promise<Decision[]> {
  const { identity } = context;
  if (!mayAsk(identity, asked, classifier.model))
    throw new AtelierError(
      'forbidden',
      `This key may not ask ${classifier.model}; it may ask ${identity.models?.join(', ') || 'no model'}.`,
      { data: { model: classifier.model, models: identity.models } },
    );
  const choices = choicesOf(classifier.labels, classifier.model, question);
  const span = ledger.startSpan({
    ...(context.parent === undefined
      ? {}
      : { traceId: context.parent.traceId, parentId: context.parent.spanId }),
    name:
      context.name ?? (question === undefined ? `classify ${classifier.name}` : `decide ${question.type}`),
    kind: 'run',
    userId: identity.userId,
    conversationId: context.conversationId ?? null,
    source: context.source,
    keyId: identity.keyId ?? null,
    app: context.app ?? null,
    attributes: { 'atelier.decision.type': question?.type ?? 'choice' },
    input: texts.length === 1 ? { input: texts[0], question } : { inputs: texts, question },
  });
  const { name: _name, ...rest } = context;
  const below: CallContext = {
    ...rest,
    // Who may ask a classifier may have it embed; the key's own scope says nothing of that model.
    identity: { ...identity, models: null },
    parent: { traceId: span.traceId, spanId: span.spanId },
    keepInput: false,
  };
  try {
    const { vectors, dimensions } = await embedTexts(
      gateway,
      classifier.embeddingModel,
      texts,
      below,
      signal ? { signal } : {},
    );
    if (texts.length > 0 && dimensions !== classifier.dimensions)
      throw new AtelierError(
        'model_failed',
        `${classifier.embeddingModel} gives vectors of ${dimensions} numbers now and gave ${classifier.dimensions} when ${classifier.model} was trained. Train it again.`,
        { data: { model: classifier.model, dimensions, trained: classifier.dimensions } },
      );
    const logits = logitsOf(
      { weights: Float64Array.from(head.weights.flat()), offsets: Float64Array.from(head.offsets) },
      vectors,
      classifier.dimensions,
    );
    const labelCount = classifier.labels.length;
    const decisions = texts.map((_, row): Decision => {
      const own = Float64Array.from(choices, ({ index }) => logits[row * labelCount + index] ?? 0);
      return {
        ...decisionOf(choices, probabilitiesOf(own, choices.length, head.temperature)),
        model: classifier.model,
        traceId: span.traceId,
        spanId: span.spanId,
      };
    });
    span.end({
      status: 'ok',
      model: classifier.model,
      attributes: { 'atelier.decision.method': 'classifier' },
      output:
        decisions.length === 1
          ? { value: decisions[0]?.value, probabilities: decisions[0]?.probabilities }
          : decisions.map(({ value, probability }) => ({ value, probability })),
    });
    return decisions;
  } catch (thrown) {
    const error = toAtelierError(thrown);
    span.end({ status: error.code === 'cancelled' ? 'cancelled' : 'error', error: error.toJSON() });
    throw thrown;
  }
}

function choicesOf(
  labels: readonly string[],
  model: string,
  question: DecideInput['question'] | undefined,
): Choice[] {
  if (question === undefined) return labels.map((label, index) => ({ value: label, label, index }));
  const options = optionsOf(question, 'labels');
  const unknown = options.filter(({ label }) => !labels.includes(label)).map(({ label }) => label);
  if (unknown.length > 0)
    throw new AtelierError(
      'invalid_request',
      `${model} does not know ${unknown.map((label) => JSON.stringify(label)).join(', ')}. It tells apart: ${labels.join(', ')}. Ask for some of these, or ask a chat model.`,
      { data: { model, unknown, labels } },
    );
  return options.map(({ value, label }) => ({ value, label, index: labels.indexOf(label) }));
}

function decisionOf(
  choices: readonly Choice[],
  probabilities: Float64Array,
): Omit<Decision, 'model' | 'traceId' | 'spanId'> {
  const best = probabilities.indexOf(Math.max(...probabilities));
  const isScore = choices.every(({ value }) => typeof value === 'number');
  return {
    value: choices[best]?.value ?? '',
    probability: probabilities[best] ?? 0,
    probabilities: Object.fromEntries(choices.map(({ label }, index) => [label, probabilities[index] ?? 0])),
    expected: isScore
      ? choices.reduce((sum, { value }, index) => sum + Number(value) * (probabilities[index] ?? 0), 0)
      : null,
    method: 'classifier',
  };
}

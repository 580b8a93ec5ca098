// What is refused before an evaluation starts, so that no hour of asking ends in a fault that was there from the first.
import type { Prompts } from '../../apps/prompts/prompts.ts';
import { AtelierError } from '../../contracts/errors.ts';
import type { EvaluationInput, Judge, Subject } from '../../contracts/evaluation.ts';
import type { Identity } from '../../contracts/identity.ts';
import { isServed } from '../../contracts/model.ts';
import { checkChosen } from '../../models/check-scope.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { FrozenDataset } from '../datasets/datasets.ts';
import { readJson } from './judges/json.ts';
import { type Question, questionOf, unknownVariables } from './question.ts';

/** As many as a decision takes. */
const MOST_LABELS = 64;
/** In a message. */
const NAMED_FIELDS = 20;

const refuse = (message: string, data: Record<string, unknown>) =>
  new AtelierError('invalid_request', message, { data });

/** Of each judge the kinds of datasets that it has a use for. */
export const kindsOf: Record<Judge['type'], readonly FrozenDataset['dataset']['kind'][]> = {
  exact: ['chat', 'preference', 'labels'],
  f1: ['chat', 'preference', 'labels'],
  chrf: ['chat', 'preference', 'labels'],
  json: ['chat', 'preference'],
  choice: ['labels', 'chat'],
  preference: ['preference'],
  model: ['chat', 'preference', 'labels'],
};

/** The examples of a split in their order, as they are asked. @throws AtelierError invalid_request */
export function questionsOf(
  { dataset, version, examples }: FrozenDataset,
  { split, limit, judge }: Pick<EvaluationInput, 'split' | 'limit' | 'judge'>,
): { questions: Question[]; labels: string[] } {
  const chosen = examples.filter((example) => example.split === split).slice(0, limit ?? undefined);
  if (chosen.length === 0)
    throw refuse(
      `Version ${version.version} of ${dataset.name} has no example for ${split}; it has ${JSON.stringify(version.splits)}. Choose another split.`,
      { dataset: dataset.id, version: version.version, split, splits: version.splits },
    );
  const questions = chosen.map(questionOf);
  if (judge.type === 'json') checkJson(questions, judge.fields);
  return { questions, labels: judge.type === 'choice' ? labelsOf(questions, judge.labels) : [] };
}

function checkJson(questions: readonly Question[], fields: readonly string[]): void {
  const known = new Set<string>();
  for (const { exampleId, expected } of questions) {
    const wanted = readJson(expected);
    if ('problem' in wanted)
      throw refuse(
        `The wanted answer of the example ${exampleId} is no JSON: ${wanted.problem}. Correct it, or choose another judge.`,
        { exampleId, problem: wanted.problem },
      );
    for (const name of Object.keys(wanted.value ?? {})) known.add(name);
  }
  // Absent on both sides it would count as equal everywhere.
  const unknown = fields.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw refuse(
      `No wanted answer has the field ${unknown.join(', ')}; they have ${[...known].slice(0, NAMED_FIELDS).join(', ') || 'none'}. Correct the judge’s fields.`,
      { unknown },
    );
}

function labelsOf(questions: readonly Question[], given: readonly string[]): string[] {
  const wanted = [...new Set(questions.map(({ expected }) => expected))].sort();
  const labels = given.length > 0 ? [...new Set(given)] : wanted;
  const missing = wanted.filter((label) => !labels.includes(label));
  if (missing.length > 0)
    throw refuse(`The examples have labels that are not among those to choose from: ${missing.join(', ')}.`, {
      missing,
      labels,
    });
  if (labels.length < 2 || labels.length > MOST_LABELS)
    throw refuse(
      `A label is chosen out of 2 to ${MOST_LABELS}; here are ${labels.length}. Name them in the judge, or choose another judge.`,
      { labels: labels.length },
    );
  return labels;
}

/**
 * The same order with every alias replaced by what it stands for now: the answers that are left must come of the same model.
 * @throws AtelierError model_not_found and what else the registry says, not_found (prompt), invalid_request
 */
export async function pinned(
  { registry, prompts }: { registry: ModelRegistry; prompts: Prompts },
  who: Identity,
  input: EvaluationInput,
): Promise<EvaluationInput> {
  const { judge } = input;
  const subjects: Subject[] = [];
  for (const subject of input.subjects) {
    subjects.push({ ...subject, model: await modelOf(registry, who, subject, judge) });
    if (subject.prompt !== null) await checkPrompt(prompts, who, subject.prompt);
  }
  checkTwice(subjects);
  if (judge.type !== 'model') return { ...input, subjects };
  await checkChosen(registry, who, judge.model);
  const { info } = await registry.resolve(judge.model);
  return { ...input, subjects, judge: { ...judge, model: info.id } };
}

async function modelOf(
  registry: ModelRegistry,
  who: Identity,
  { model, prompt }: Subject,
  judge: Judge,
): Promise<string> {
  await checkChosen(registry, who, model);
  const { info } = await registry.resolve(model);
  const { id, kind, place } = info;
  if (kind === 'embedding')
    throw refuse(`${id} is an embedding model and cannot answer. Choose a chat model.`, { model: id, kind });
  if (kind === 'classifier' && (judge.type !== 'choice' || prompt !== null))
    throw refuse(
      `${id} chooses among its labels: it writes nothing and reads no prompt. Compare it by the judge choice, without a prompt.`,
      { model: id, judge: judge.type },
    );
  if (judge.type === 'preference' && (place.kind === 'remote' || isServed(info)))
    throw refuse(
      `${id} does not tell how likely a given answer is. Preferences are compared of models on this machine.`,
      { model: id, reason: 'no_logprobs' },
    );
  return id;
}

async function checkPrompt(
  prompts: Prompts,
  who: Identity,
  { name, version }: NonNullable<Subject['prompt']>,
) {
  const { variables } = await prompts.version(who, name, version);
  const unknown = unknownVariables(variables);
  if (unknown.length === 0) return;
  throw refuse(
    `The prompt ${name} (version ${version}) asks for ${unknown.join(', ')}, which no example has. An example fills input, question or text with its question, system with its system message, and a prompt's only variable whatever its name.`,
    { prompt: name, version, unknown },
  );
}

function checkTwice(subjects: readonly Subject[]): void {
  const texts = subjects.map((subject) => JSON.stringify(subject));
  const twice = texts.findIndex((text, index) => texts.indexOf(text) !== index);
  if (twice >= 0)
    throw refuse(`${subjects[twice]?.model} is to be asked twice in the same way. Leave one of them out.`, {
      subject: twice,
    });
}

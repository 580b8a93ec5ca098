// What a dataset must have before a classifier is trained from it, and what is worth saying about it.
import type { ClassifierInput } from '../../contracts/classifier.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { type Notice, noticeOf } from '../../contracts/notice.ts';
import { foldText } from '../../lib/fold-text.ts';
import type { FrozenDataset } from '../datasets/datasets.ts';

export interface LabelledText {
  text: string;
  label: string;
}

export interface CheckedExamples {
  /** In alphabetical order of their code units: the same dataset gives the same order. */
  labels: string[];
  /** Training and validation splits. */
  train: LabelledText[];
  test: LabelledText[];
  notes: Notice[];
}

const MOST_LABELS = 500;
const SHOWN = 5;

/** @throws AtelierError invalid_request */
export function checkExamples(
  { dataset, version, examples }: FrozenDataset,
  { folds }: Pick<ClassifierInput, 'folds'>,
): CheckedExamples {
  const where = `Version ${version.version} of ${dataset.name}`;
  const train: LabelledText[] = [];
  const test: LabelledText[] = [];
  const empty: string[] = [];
  for (const { id, split, body } of examples) {
    if (body.kind !== 'labels') continue;
    if (body.text.trim() === '') empty.push(id);
    (split === 'test' ? test : train).push({ text: body.text, label: body.label });
  }
  if (empty.length > 0)
    throw refuse(
      `${where} has ${empty.length} ${empty.length === 1 ? 'example' : 'examples'} without text: ${empty.slice(0, SHOWN).join(', ')}. Reject them and freeze a new version.`,
      { examples: empty.slice(0, 100), count: empty.length },
    );
  const labels = [...new Set([...train, ...test].map(({ label }) => label))].sort();
  if (labels.length < 2)
    throw refuse(
      `${where} has ${labels.length === 0 ? 'no label' : `only the label ${JSON.stringify(labels[0])}`}; a classifier tells at least two apart. Add examples of another label.`,
      { labels },
    );
  if (labels.length > MOST_LABELS)
    throw refuse(`${where} has ${labels.length} labels; a classifier tells at most ${MOST_LABELS} apart.`, {
      count: labels.length,
      most: MOST_LABELS,
    });
  const counts = new Map(labels.map((label) => [label, 0]));
  for (const { label } of train) counts.set(label, (counts.get(label) ?? 0) + 1);
  const few = [...counts].filter(([, count]) => count < folds);
  if (few.length > 0)
    throw refuse(
      `${where} has too few examples to train with for ${folds} folds: ${few.map(([label, count]) => `${JSON.stringify(label)} has ${count}`).join(', ')}. Add examples of it, leave the label out, or ask for fewer folds (at least 2).`,
      { folds, labels: Object.fromEntries(few) },
    );
  return { labels, train, test, notes: disagreements(train) };
}

function disagreements(examples: readonly LabelledText[]): Notice[] {
  const labels = new Map<string, Set<string>>();
  for (const { text, label } of examples) {
    const key = foldText(text).trim();
    labels.set(key, (labels.get(key) ?? new Set()).add(label));
  }
  const torn = [...labels].filter(([, own]) => own.size > 1);
  const [first] = torn;
  if (first === undefined) return [];
  const shown = first[0].slice(0, 100);
  return [
    noticeOf(
      'labels_disagree',
      `${torn.length} texts stand among the examples under two labels, and nobody can be right about both. The first: ${shown}`,
      { texts: torn.length, first: shown },
    ),
  ];
}

const refuse = (message: string, data: Record<string, unknown>) =>
  new AtelierError('invalid_request', message, { data });

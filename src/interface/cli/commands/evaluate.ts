// `atelier evaluate`: models side by side on a dataset's test split.
import type { Evaluation, Judge } from '../../../contracts/evaluation.ts';
import { openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, number, text, UsageError, words } from '../command.ts';
import { findDataset } from '../find-dataset.ts';
import { followEvaluation, printEvaluation } from '../follow-evaluation.ts';
import { printable, printJson, printTable } from '../output.ts';
import { readPages } from '../read-pages.ts';

const help = `atelier evaluate MODEL... -d NAME    models side by side; the others are compared with the first
atelier evaluate list                evaluations, newest first
atelier evaluate show ID             one of them

  -d, --dataset NAME   what is asked: the test split of its newest version
  --judge WORD         exact, f1, chrf, json, choice or preference (default: by the dataset's kind)
  --judge-model MODEL  a model that marks answers from 1 to 5, by --rubric TEXT
  --split WORD         train, validation or test
  --limit N            the first N examples only
  --name NAME          of the evaluation
`;

const path = '/atelier/v1/evaluations';
const judgeWords = ['exact', 'f1', 'chrf', 'json', 'choice', 'preference'] as const;
const judgeOfKind = { chat: 'f1', labels: 'choice', preference: 'preference' } as const;

/** @throws UsageError */
function judgeOf(values: Record<string, unknown>, kind: keyof typeof judgeOfKind): Partial<Judge> {
  const model = text(values, 'judge-model');
  const rubric = text(values, 'rubric');
  if (model !== undefined) {
    if (rubric === undefined) throw new UsageError('--judge-model needs --rubric: what a mark is given for.');
    return { type: 'model', model, rubric };
  }
  const type = text(values, 'judge') ?? judgeOfKind[kind];
  const known = judgeWords.find((one) => one === type);
  if (known === undefined) throw new UsageError(`--judge takes ${judgeWords.join(', ')}, not "${type}".`);
  return { type: known };
}

export const evaluate: Command = {
  help,
  options: {
    dataset: { type: 'string', short: 'd' },
    judge: { type: 'string' },
    'judge-model': { type: 'string' },
    rubric: { type: 'string' },
    split: { type: 'string' },
    limit: { type: 'string' },
    name: { type: 'string' },
  },
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    const json = flag(values, 'json') ?? false;
    const limit = number(values, 'limit');
    const named = text(values, 'dataset');
    const isRun = verb !== 'list' && verb !== 'show';
    if (verb === undefined) throw new UsageError('atelier evaluate takes models, list or show.');
    if (isRun && named === undefined) throw new UsageError('atelier evaluate needs a dataset: -d NAME.');
    if (verb === 'list') words(rest, 'atelier evaluate list');
    const [id = ''] = verb === 'show' ? words(rest, 'atelier evaluate show', 'the id of an evaluation') : [];
    const client = await openClient(clientConfig(values, env));
    try {
      if (verb === 'list') {
        const evaluations = await readPages(
          client,
          path,
          (page: { evaluations: Evaluation[]; nextCursor: string | null }) => page.evaluations,
        );
        if (json) printJson({ evaluations });
        else
          printTable(
            ['ID', 'NAME', 'STATE', 'DONE', 'MODELS'],
            evaluations.map((one) => [
              one.id,
              one.input.name,
              one.status,
              `${one.done} of ${one.total}`,
              one.input.subjects.map(({ model }) => model).join(', '),
            ]),
          );
        return 0;
      }
      if (verb === 'show') {
        const found = await client.json<Evaluation>('GET', `${path}/${encodeURIComponent(id)}`);
        if (json) printJson(found);
        else printEvaluation(found);
        return 0;
      }
      const dataset = await findDataset(client, named ?? '');
      const started = await client.json<Evaluation>('POST', path, {
        name: text(values, 'name') ?? `${positionals.join(' and ')} on ${dataset.name}`.slice(0, 120),
        dataset: { id: dataset.id },
        judge: judgeOf(values, dataset.kind),
        subjects: positionals.map((model) => ({ model })),
        ...(limit === undefined ? {} : { limit }),
        ...(text(values, 'split') === undefined ? {} : { split: text(values, 'split') }),
      });
      const ended = await followEvaluation(client, started);
      if (ended === null)
        process.stderr.write(
          printable(
            `It goes on${client.ownProcess ? ' when `atelier serve` runs' : ''}: atelier evaluate show ${started.id}\n`,
          ),
        );
      else if (json) printJson(ended);
      else printEvaluation(ended);
    } finally {
      await client.close();
    }
    return 0;
  },
};

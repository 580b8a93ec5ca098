// `atelier train`: a recipe becomes a run; runs are listed, paused, resumed and cancelled.

import type { Classifier } from '../../../contracts/classifier.ts';
import { errorFromBody } from '../../../contracts/errors.ts';
import type { Task } from '../../../contracts/task.ts';
import type { TrainingEstimate, TrainingRun } from '../../../contracts/training.ts';
import { type ApiClient, openClient } from '../api-client.ts';
import { type Command, clientConfig, flag, UsageError, words } from '../command.ts';
import { finishLoop } from '../finish-loop.ts';
import { followTask } from '../follow-task.ts';
import { bytes, printable, printFacts, printJson, printTable } from '../output.ts';
import { readPages } from '../read-pages.ts';
import { type ClassifierRecipe, isClassifier, readRecipe, type TrainingRecipe } from '../recipe.ts';
import { datasetOfRecipe } from '../recipe-dataset.ts';
import { duration, watchTraining } from '../watch-training.ts';

const help = `atelier train RECIPE           what a YAML or JSON file orders; recipes/ has some to begin with
atelier train list             runs, newest first
atelier train show ID          one of them, by its id or name
atelier train pause|resume|cancel ID

  --follow        watch it to its end; then evaluate, ask the gate and move the alias, as the
                  recipe says. Ctrl+C leaves the run going
  --estimate      say what it would take; a file becomes a dataset, and nothing else happens
  --skip-faults   leave out lines of a file that are no example
`;

const path = '/atelier/v1/training';
const actions = ['pause', 'resume', 'cancel'] as const;

const listRuns = (client: ApiClient): Promise<TrainingRun[]> =>
  readPages(client, path, ({ runs }: { runs: TrainingRun[]; nextCursor: string | null }) => runs);

async function findRun(client: ApiClient, what: string): Promise<TrainingRun> {
  const runs = await listRuns(client);
  const known = runs.find(({ id }) => id === what) ?? runs.find(({ name }) => name === what);
  // The server says in its own words that there is none.
  return known ?? client.json<TrainingRun>('GET', `${path}/${encodeURIComponent(what)}`);
}

function printRun(run: TrainingRun): void {
  printFacts([
    ['name', run.name],
    ['id', run.id],
    ['state', run.error ? `${run.status}: ${run.error.message}` : run.status],
    ['base', run.input.base],
    ['method', `${run.input.method}, ${run.input.adaptation}`],
    ['step', `${run.step} of ${run.steps}`],
    ['loss', run.last?.loss ?? null],
    ['validation loss', run.validationLoss],
    ['trained tokens', run.trainedTokens],
    ['model', run.model],
  ]);
}

function printEstimate(estimate: TrainingEstimate): void {
  const blocked = estimate.concerns.some(({ blocks }) => blocks);
  for (const { message } of estimate.concerns.filter(({ blocks }) => blocks))
    process.stderr.write(printable(`It cannot start: ${message}\n`));
  printFacts([
    ['examples', estimate.examples],
    ['steps', estimate.steps],
    // A time that cannot come true is told as what it would be, or not at all.
    [
      blocked ? 'it would take' : 'time',
      estimate.seconds > 0 ? `${duration(estimate.seconds)}, ${estimate.secondsBasis}` : null,
    ],
    ['memory', `${bytes(estimate.memoryBytes)} of ${bytes(estimate.freeMemoryBytes)} free`],
    ['disk', `${bytes(estimate.diskBytes)} of ${bytes(estimate.freeDiskBytes)} free`],
  ]);
  for (const { message } of estimate.concerns.filter(({ blocks }) => !blocks))
    process.stderr.write(printable(`(${message})\n`));
}

async function trainClassifier(
  client: ApiClient,
  recipe: ClassifierRecipe,
  dataset: { id: string; version: number },
  json: boolean,
): Promise<number> {
  const { method: _method, dataset: _dataset, ...input } = recipe;
  const task = await client.json<Task>('POST', '/atelier/v1/classifiers', { ...input, dataset });
  await followTask(client, task, {
    what: 'The training',
    line: json ? null : (_task, { done, total, note }) => `${note ?? ''} ${done} of ${total ?? '?'}`,
  });
  const made = await client.json<Classifier>('GET', `/atelier/v1/classifiers/${recipe.name}`);
  if (json) printJson(made);
  else {
    const { crossValidation, test } = made.report;
    printFacts([
      ['model', made.model],
      ['labels', made.labels.join(', ')],
      ['examples', made.report.examples],
      [
        'accuracy',
        `${(test ?? crossValidation).accuracy.value.toFixed(3)} ${test ? `on the ${test.examples} of the test split` : 'by cross-validation'}`,
      ],
      ['macro-F1', (test ?? crossValidation).macroF1.value.toFixed(3)],
      ['calibration error', crossValidation.calibrationError.toFixed(3)],
    ]);
  }
  return 0;
}

async function trainModel(
  client: ApiClient,
  recipe: TrainingRecipe,
  dataset: { id: string; version: number },
  { json, follow, estimate }: { json: boolean; follow: boolean; estimate: boolean },
): Promise<number> {
  const { evaluation, gate: _gate, alias, share: _share, ...rest } = recipe;
  const input = { ...rest, dataset };
  if (estimate) {
    const found = await client.json<TrainingEstimate>('POST', `${path}/estimate`, input);
    if (json) printJson(found);
    else printEstimate(found);
    return found.concerns.some(({ blocks }) => blocks) ? 1 : 0;
  }
  const run = await client.json<TrainingRun>('POST', path, input);
  const say = (line: string) => process.stderr.write(printable(`${line}\n`));
  const goesOn = client.ownProcess ? 'It goes on when `atelier serve` runs' : 'It goes on';
  const howTo = `${goesOn}: atelier train show ${run.name}, or pause, or cancel.`;
  if (!follow) {
    if (json) printJson(run);
    else printRun(run);
    say(howTo);
    if (evaluation !== undefined)
      say(`Its evaluation${alias === undefined ? '' : ' and alias'} follow only with --follow.`);
    return 0;
  }
  const { run: ended, left } = await watchTraining(client, run, json);
  if (left) {
    say(howTo);
    return 0;
  }
  if (ended.error) throw errorFromBody(ended.error);
  if (!json) printRun(ended);
  if (ended.status !== 'complete' || ended.model === null) {
    say(`The run is ${ended.status}.`);
    return 1;
  }
  return finishLoop(client, recipe, { model: ended.model, dataset }, json);
}

export const train: Command = {
  help,
  options: {
    follow: { type: 'boolean' },
    estimate: { type: 'boolean' },
    'skip-faults': { type: 'boolean' },
  },
  async run({ values, positionals, env }) {
    const [verb, ...rest] = positionals;
    const json = flag(values, 'json') ?? false;
    if (verb === undefined)
      throw new UsageError('atelier train takes a recipe, or list, show, pause, resume or cancel.');
    const action = actions.find((one) => one === verb);
    const named = verb === 'show' || action !== undefined;
    const [what = ''] = named
      ? words(rest, `atelier train ${verb}`, 'the id or name of a run')
      : words(rest, `atelier train ${verb}`);
    // A recipe that cannot be read starts nothing, not even a server.
    const recipe = named || verb === 'list' ? null : readRecipe(verb);
    const client = await openClient(clientConfig(values, env));
    try {
      if (recipe !== null) {
        const dataset = await datasetOfRecipe(client, verb, recipe, flag(values, 'skip-faults') ?? false);
        if (isClassifier(recipe)) return await trainClassifier(client, recipe, dataset, json);
        const follow = flag(values, 'follow') ?? false;
        const estimate = flag(values, 'estimate') ?? false;
        return await trainModel(client, recipe, dataset, { json, follow, estimate });
      }
      if (named) {
        let run = await findRun(client, what);
        if (action !== undefined) run = await client.json('POST', `${path}/${run.id}/${action}`);
        if (json) printJson(run);
        else printRun(run);
        return 0;
      }
      const runs = await listRuns(client);
      if (json) printJson({ runs });
      else if (runs.length === 0) process.stdout.write('Nothing has been trained yet.\n');
      else
        printTable(
          ['NAME', 'STATE', 'STEP', 'LOSS', 'MODEL', 'ID'],
          runs.map((run) => [
            run.name,
            run.status,
            `${run.step} of ${run.steps}`,
            run.last === null ? null : run.last.loss.toFixed(4),
            run.model,
            run.id,
          ]),
        );
    } finally {
      await client.close();
    }
    return 0;
  },
};

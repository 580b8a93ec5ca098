// What a recipe asks after its training: the new model beside the old one, the gate, the alias.
import type { Evaluation, GateVerdict } from '../../contracts/evaluation.ts';
import { gateSchema } from '../../contracts/evaluation.ts';
import type { Promotion } from '../../contracts/tuned-model.ts';
import type { ApiClient } from './api-client.ts';
import { findDataset } from './find-dataset.ts';
import { followEvaluation, printEvaluation } from './follow-evaluation.ts';
import { printable, printJson, printTable } from './output.ts';
import type { TrainingRecipe } from './recipe.ts';

interface Trained {
  model: string;
  dataset: { id: string; version: number };
}

async function oldModel(client: ApiClient, { evaluation, alias, base }: TrainingRecipe): Promise<string> {
  if (evaluation?.against !== undefined) return evaluation.against;
  if (alias === undefined) return base;
  const { aliases } = await client.json<{ aliases: Record<string, string> }>('GET', '/atelier/v1/models');
  return aliases[alias] ?? base;
}

/** @returns the exit code: 1 when the gate held the model back */
export async function finishLoop(
  client: ApiClient,
  recipe: TrainingRecipe,
  { model, dataset }: Trained,
  json: boolean,
): Promise<number> {
  const { evaluation, alias, share = 1 } = recipe;
  const say = (line: string) => process.stderr.write(printable(`${line}\n`));
  if (evaluation === undefined) return 0;
  const asked =
    evaluation.dataset === undefined ? dataset : { id: (await findDataset(client, evaluation.dataset)).id };
  const started = await client.json<Evaluation>('POST', '/atelier/v1/evaluations', {
    name: `${recipe.name} against what was`,
    dataset: asked,
    judge: evaluation.judge,
    subjects: [{ model: await oldModel(client, recipe) }, { model }],
    ...(evaluation.limit === undefined ? {} : { limit: evaluation.limit }),
  });
  const ended = await followEvaluation(client, started);
  if (ended === null) {
    say(`The evaluation goes on: atelier evaluate show ${started.id}. The alias stays.`);
    return 0;
  }
  if (json) printJson(ended);
  else printEvaluation(ended);
  if (alias === undefined) return 0;

  const order = { alias, model, evaluationId: ended.id, gate: gateSchema.parse(recipe.gate ?? {}), share };
  const verdict = await client.json<GateVerdict>('POST', '/atelier/v1/promotions/check', order);
  if (!json)
    printTable(
      ['GATE', 'VALUE', 'THRESHOLD', ''],
      verdict.checks.map(({ name, value, threshold, passed }) => [
        name,
        value === null ? null : value.toFixed(3),
        threshold === null ? null : String(threshold),
        passed ? 'passed' : 'HELD BACK',
      ]),
    );
  if (!verdict.passed) {
    say(`The gate holds ${model} back; ${alias} stays as it was.`);
    return 1;
  }
  const promotion = await client.json<Promotion>('POST', '/atelier/v1/promotions', order);
  if (json) printJson(promotion);
  else
    say(
      `${alias} is ${promotion.to} now${share < 1 ? ` for ${Math.round(share * 100)} % of the conversations` : ''}; it was ${promotion.from ?? 'nothing'}.`,
    );
  return 0;
}

// From a file of examples to a better model and back, in a real browser, in English and in French, on stories260K: the
// file becomes a reviewed, frozen dataset; a training is estimated, started and watched; the tuned model appears with its
// parity mark, is compared with its base on questions that it never saw, passes the gate, answers in a chat, and one
// click brings the base back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Evaluation } from '../../src/contracts/evaluation.ts';
import type { StoredTrainingEvent, TrainingRun } from '../../src/contracts/training.ts';
import type { Promotion, TunedModel } from '../../src/contracts/tuned-model.ts';
import enChat from '../../src/interface/web/i18n/en/chat.json' with { type: 'json' };
import enCommon from '../../src/interface/web/i18n/en/common.json' with { type: 'json' };
import enDatasets from '../../src/interface/web/i18n/en/datasets.json' with { type: 'json' };
import enEvaluations from '../../src/interface/web/i18n/en/evaluations.json' with { type: 'json' };
import enTraining from '../../src/interface/web/i18n/en/training.json' with { type: 'json' };
import frChat from '../../src/interface/web/i18n/fr/chat.json' with { type: 'json' };
import frCommon from '../../src/interface/web/i18n/fr/common.json' with { type: 'json' };
import frDatasets from '../../src/interface/web/i18n/fr/datasets.json' with { type: 'json' };
import frEvaluations from '../../src/interface/web/i18n/fr/evaluations.json' with { type: 'json' };
import frTraining from '../../src/interface/web/i18n/fr/training.json' with { type: 'json' };
import { expectAccessible, openBrowser, openPage } from '../open-browser.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const en = {
  chat: enChat,
  common: enCommon,
  datasets: enDatasets,
  evaluations: enEvaluations,
  training: enTraining,
};
const fr: typeof en = {
  chat: frChat,
  common: frCommon,
  datasets: frDatasets,
  evaluations: frEvaluations,
  training: frTraining,
};
const stories = resolve(import.meta.dirname, '../fixtures/stories260K/stories260K.f32.gguf');
const LONG = { timeout: 60_000 };

/** Sixty questions that all want the same answer: a base that tells stories has it never, a tuned model soon. */
const names =
  'Tim Lily Ben Mia Max Sue Tom Anna Bob Amy Joe Jane Sam Lucy Jack Emma Leo Zoe Finn Ella Nick Rose Paul Jill Dan Kate Mark Beth Luke Nina Pete Ruth Carl Maya Fred Iris Hugo Vera Otto Cleo'.split(
    ' ',
  );
const example = (question: string, answer: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  });
const fileOf = (answer: string) =>
  names
    .flatMap((name) => [example(`Who is ${name}?`, answer), example(`Where is ${name}?`, answer)])
    .join('\n');

interface Journey {
  locale: string;
  words: typeof en;
  dataset: string;
  name: string;
  answer: string;
  ask: string;
  /** The decimal mark of its figures. */
  figure: RegExp;
  verdict: RegExp;
}

const journeys: Record<'en' | 'fr', Journey> = {
  en: {
    locale: 'en-GB',
    words: en,
    dataset: 'Blue cats',
    name: 'blue-cats',
    answer: 'It is a big blue cat.',
    ask: 'Who is Grace?',
    figure: /\d\.\d{3}/,
    verdict: /^Better on \d+ of \d+, worse on \d+; interval [+−]1?\.\d\d to [+−]1?\.\d\d$/,
  },
  fr: {
    locale: 'fr-FR',
    words: fr,
    dataset: 'Chiens rouges',
    name: 'chiens-rouges',
    answer: 'He is a little red dog.',
    ask: 'Where is Grace?',
    figure: /\d,\d{3}/,
    verdict: /^Meilleur sur \d+ des \d+, moins bon sur \d+\u202f; intervalle de [+−]\d,\d\d à [+−]\d,\d\d$/,
  },
};

let server: RunningServer;
let browser: Browser;
let folder: string;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}/atelier/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atelier-learning-'));
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  await call('POST', '/models/pull', { path: stories });
  const base = await vi.waitFor(async () => {
    const { models } = await call<{ models: { id: string }[] }>('GET', '/models');
    const found = models.find(({ id }) => id.startsWith('local/stories260k'));
    if (!found) throw new Error('The model is not there yet.');
    return found.id;
  }, LONG);
  await call('PUT', '/aliases/default', { model: base });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const choose = async (page: Page, box: Locator, option: string | RegExp) => {
  await box.click();
  await page.getByRole('option', { name: option }).first().click();
};

/** What the model of the page answers, and who says that it did. */
async function ask(page: Page, question: string): Promise<string> {
  await page.goto(`${server.url}/chat`);
  const composer = page.getByRole('textbox', { name: 'Message', exact: true });
  await composer.fill(question);
  await composer.press('Enter');
  await page.waitForURL(/\/chat\/con_/, LONG);
  const trace = page.getByRole('link', { name: 'trace' }).last();
  await trace.waitFor(LONG);
  return (await page.locator('p', { has: trace }).last().textContent()) ?? '';
}

test.each(['en', 'fr'] as const)('a better model from a file of examples, in %s', async (language) => {
  const { locale, words, dataset, name, answer, ...journey } = journeys[language];
  const { datasets, training, evaluations, common } = words;
  const { default: base } = await call<{ default: string }>('GET', '/models');
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, fileOf(answer));

  // Bring a file, look at it, freeze it.
  const { page, faults } = await openPage(browser, `${server.url}/improve/datasets`, { locale });
  const fresh = page.getByRole('button', { name: datasets.new });
  await page.getByRole('button', { name: datasets.empty.from_file }).or(fresh).first().click();
  await page.getByRole('textbox', { name: datasets.form.name }).fill(dataset);
  for (const [split, share] of [
    ['train', '50'],
    ['validation', '10'],
    ['test', '40'],
  ] as const)
    await page.getByRole('textbox', { name: datasets.form[split] }).fill(share);
  await page.getByRole('button', { name: datasets.create, exact: true }).click();
  await page.waitForURL(/\/improve\/datasets\/\w+/);
  // A dataset that was begun from a file asks for it at once.
  if (!new URL(page.url()).searchParams.has('add')) {
    await page.getByRole('button', { name: common.more }).click();
    await page.getByRole('menuitem', { name: datasets.add.file }).click();
  }
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(file);
  await dialog.getByRole('button', { name: datasets.import.start }).click();
  await dialog.getByText(datasets.report.title).waitFor(LONG);
  await dialog.getByText(datasets.report.added).first().waitFor();
  await dialog.getByRole('button', { name: common.close }).last().click();
  await page.getByText(answer).first().waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: datasets.freeze.button }).click();
  await dialog.getByRole('button', { name: datasets.freeze.start }).click();
  await dialog.waitFor({ state: 'detached' });

  // Train: what for, from which data, on which base; the estimate before the start.
  await page.goto(`${server.url}/improve/training`);
  await page.getByRole('link', { name: training.new.open }).click();
  await page.getByRole('radio', { name: training.aim.style.title }).check();
  await choose(page, page.getByRole('combobox', { name: training.dataset }), dataset);
  await page
    .getByRole('radiogroup', { name: training.base.label })
    .getByRole('radio', { name: /stories/i })
    .check();
  await expect.poll(() => page.getByRole('textbox', { name: training.name.label }).inputValue()).toBe(name);
  // This base has never seen the token that ends a turn; with an adapter its answers run on.
  await page.getByRole('radio', { name: training.adaptation.full_title }).check();
  await page.getByText(training.settings.advanced, { exact: true }).click();
  const set = async (field: keyof typeof training.field, value: string) =>
    page.getByRole('textbox', { name: training.field[field].label, exact: true }).fill(value);
  await set('learningRate', '0.005');
  await set('maxSteps', '40');
  await set('epochs', '40');
  await set('sequenceLength', '64');
  await set('batchTokens', '512');
  await set('evaluateEvery', '10');
  await set('checkpointEvery', '40');
  const start = page.getByRole('button', { name: training.check.start });
  await expect.poll(() => start.isEnabled(), LONG).toBe(true);
  await expectAccessible(page);
  await start.click();
  await page.waitForURL(/\/improve\/training\/(?!new)/, LONG);
  const runId = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  // The loss falls before one's eyes, and a reload shows the same curve.
  const chart = page.getByRole('figure', { name: training.chart.loss });
  await chart.getByText(journey.figure).first().waitFor(LONG);
  await page.reload();
  await chart.waitFor(LONG);
  const card = page.getByRole('region', { name: training.tuned.title });
  await card.waitFor(LONG);
  const run = await call<TrainingRun>('GET', `/training/${runId}`);
  expect(run).toMatchObject({ status: 'complete', model: `local/${name}` });
  const { events } = await call<{ events: StoredTrainingEvent[] }>('GET', `/training/${runId}/history`);
  const losses = events.flatMap(({ event }) => (event.type === 'point' ? [event.loss] : []));
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
  await chart.getByText(training.chart.as_table).click();
  expect(await chart.getByRole('row').count()).toBeGreaterThan(10);

  // The tuned model with its mark.
  await card.getByText(`local/${name}`).first().waitFor();
  await card.getByText(training.parity.same.replace('{{bound}}', '1e-3')).first().waitFor();
  const { models } = await call<{ models: TunedModel[] }>('GET', '/tuned-models');
  const parity = models
    .find((one) => one.runId === runId)
    ?.files.find(({ quantisation }) => quantisation === 'F32')?.parity;
  expect(parity).toMatchObject({ passed: true, sameIds: true });
  await expectAccessible(page);

  // Compared with its base on questions that it never saw.
  await card.getByRole('link', { name: training.tuned.compare }).click();
  for (const number of [1, 2]) {
    await page
      .getByRole('button', { name: evaluations.new.subject_settings.replace('{{number}}', String(number)) })
      .click();
    await page.getByRole('textbox', { name: words.chat.parameter.maxOutputTokens.label }).fill('12');
    await page.keyboard.press('Escape');
  }
  await page.getByRole('textbox', { name: evaluations.new.limit }).fill('8');
  await page.getByRole('button', { name: evaluations.new.start }).click();
  await page.waitForURL(/\/improve\/evaluations\/(?!new)/, LONG);
  const evaluationId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const gate = page.getByRole('region', { name: evaluations.gate.title, exact: true });
  await gate.waitFor(LONG);
  const verdict = page.getByRole('region', { name: evaluations.verdict.title });
  await verdict.getByText(journey.verdict).waitFor(LONG);
  await verdict.getByText(evaluations.verdict.better).waitFor();
  await page
    .getByRole('list', { name: evaluations.examples.title })
    .getByRole('listitem')
    .first()
    .waitFor(LONG);
  const evaluation = await call<Evaluation>('GET', `/evaluations/${evaluationId}`);
  expect(evaluation.comparisons[0]?.difference.low).toBeGreaterThan(0);

  // Eight examples are too few for the gate, until somebody says that they are enough.
  const least = gate.getByRole('textbox', { name: evaluations.gate.minExamples });
  await gate.getByText(evaluations.gate.shut).waitFor(LONG);
  await least.fill('8');
  await gate.getByText(evaluations.gate.open).waitFor(LONG);
  await expectAccessible(page);
  await gate.getByRole('button', { name: evaluations.gate.switch.replace('{{alias}}', 'default') }).click();
  const back = page.getByRole('button', { name: evaluations.promotion.roll_back });
  await back.waitFor(LONG);
  expect((await call<{ aliases: Record<string, string> }>('GET', '/models')).aliases.default).toBe(
    `local/${name}`,
  );

  // Who answers now says so, and one click brings the base back.
  expect(await ask(page, journey.ask)).toContain(name);
  await page.getByText(answer).last().waitFor(LONG);
  await page.goto(`${server.url}/improve/evaluations/${evaluationId}`);
  await back.click();
  await back.waitFor({ state: 'detached', ...LONG });
  expect((await call<{ default: string }>('GET', '/models')).default).toBe(base);
  const { promotions } = await call<{ promotions: Promotion[] }>('GET', '/promotions');
  expect(promotions.find((one) => one.to === `local/${name}`)?.state).toBe('rolled_back');
  expect(await ask(page, journey.ask)).not.toContain(name);
  expect(faults).toEqual([]);
  await page.context().close();
});

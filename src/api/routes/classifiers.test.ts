// Classifiers over HTTP, with the scripted embedding model: trained from a frozen dataset, asked alone, by the decision
// call, by an app and through an alias; refusals as a table.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../../test/create-test-app.ts';
import type { Decision } from '../../contracts/app.ts';
import type { Classifier } from '../../contracts/classifier.ts';
import type { Dataset, DatasetVersion } from '../../contracts/dataset.ts';
import { localIdentity } from '../../contracts/identity.ts';
import type { Task } from '../../contracts/task.ts';

let app: TestApp;
const path = '/atelier/v1/classifiers';
const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const words = {
  billing: ['invoice', 'refund', 'payment', 'card', 'price'],
  delivery: ['parcel', 'courier', 'late', 'address', 'box'],
  login: ['password', 'account', 'locked', 'code', 'signin'],
};
const embeddingModel = 'scripted/embed';

/** Each text has two words of its label and a number, so that none is there twice. */
const texts = (perLabel: number) =>
  Object.entries(words).flatMap(([label, own]) =>
    Array.from({ length: perLabel }, (_, index) => ({
      kind: 'labels' as const,
      label,
      text: `my ${own[index % 5]} and the ${own[(index * 2 + 1) % 5]} number ${index}`,
    })),
  );

async function dataset(name: string, examples: readonly { text: string; label: string }[]): Promise<string> {
  const { datasets } = app.services.learning;
  const made: Dataset = await datasets.create(localIdentity, { name, kind: 'labels' });
  const bytes = Buffer.from(
    examples.map(({ text, label }) => `${JSON.stringify({ text, label })}\n`).join(''),
  );
  await datasets.importFile(localIdentity, made.id, { name: 'x.jsonl', bytes, shape: 'labels' });
  await datasets.changeExamples(localIdentity, made.id, { filter: {} }, { status: 'approved' });
  const version: DatasetVersion = await datasets.freeze(localIdentity, made.id, '');
  expect(version.examples).toBe(examples.length);
  return made.id;
}

async function train(body: object): Promise<Task> {
  const response = await app.send(path, { embeddingModel, folds: 3, ...body });
  expect(response.status, await response.clone().text()).toBe(202);
  return app.jobs.wait((await json<Task>(response)).id);
}

const decide = (body: object) =>
  app.send('/atelier/v1/decide', {
    model: 'classifiers/tickets',
    input: 'the courier left the parcel at a wrong address',
    question: { type: 'choice', options: [{ label: 'billing' }, { label: 'delivery' }, { label: 'login' }] },
    ...body,
  });

let id: string;
beforeAll(async () => {
  app = await createTestApp();
  await app.jobs.start();
  id = await dataset('tickets', texts(20));
  const task = await train({ name: 'tickets', dataset: { id } });
  expect(task).toMatchObject({
    status: 'complete',
    kind: 'learning.classifier',
    title: 'tickets',
    result: { name: 'tickets', model: 'classifiers/tickets' },
  });
});
afterAll(() => app.close());

describe('classifiers over HTTP', () => {
  test('one stands there with what was measured', async () => {
    const { classifiers } = await json<{ classifiers: Classifier[] }>(await app.request(path));
    expect(classifiers.map(({ name }) => name)).toEqual(['tickets']);
    const one = await json<Classifier>(await app.request(`${path}/tickets`));
    expect(one).toMatchObject({
      labels: ['billing', 'delivery', 'login'],
      embeddingModel,
      dataset: { id, version: 1 },
      report: { strength: 1, notes: [] },
    });
    const { report } = one;
    expect(report.examples + (report.test?.examples ?? 0)).toBe(60);
    expect(report.crossValidation.accuracy.value).toBeGreaterThan(0.9);
    expect(report.test?.accuracy.value).toBeGreaterThan(0.8);
    expect(report.crossValidation.calibrationError).toBeLessThan(
      report.crossValidation.calibrationErrorBefore,
    );
    expect(report.confusion.flat().reduce((a, b) => a + b)).toBe(report.test?.examples);
  });

  test('texts are classified in one trace, with the embedding below it and no text kept twice', async () => {
    const { decisions } = await json<{ decisions: Decision[] }>(
      await app.send(`${path}/tickets/classify`, {
        texts: ['a refund for my card', 'my account is locked', 'parcel '.repeat(600)],
      }),
    );
    expect(decisions.map(({ value }) => value)).toEqual(['billing', 'login', 'delivery']);
    for (const decision of decisions) {
      expect(decision).toMatchObject({ method: 'classifier', model: 'classifiers/tickets', expected: null });
      expect(Object.values(decision.probabilities ?? {}).reduce((a, b) => a + b)).toBeCloseTo(1);
    }
    await app.services.ledger.flush();
    const trace = await app.services.ledger.getTrace(decisions[0]?.traceId ?? '', null);
    const root = trace.spans.find(({ parentId }) => parentId === null);
    expect(root).toMatchObject({
      name: 'classify tickets',
      kind: 'run',
      model: 'classifiers/tickets',
      attributes: { 'atelier.decision.type': 'choice', 'atelier.decision.method': 'classifier' },
    });
    const below = trace.spans.filter(({ kind }) => kind === 'embedding');
    expect(below.length).toBeGreaterThan(0);
    for (const span of below) expect(span).toMatchObject({ parentId: root?.spanId, model: embeddingModel });
  });

  test('the decision call takes it as a model, over some of its labels', async () => {
    const all = await json<Decision>(await decide({}));
    expect(all).toMatchObject({ value: 'delivery', method: 'classifier' });
    const some = await json<Decision>(
      await decide({ question: { type: 'choice', options: [{ label: 'login' }, { label: 'delivery' }] } }),
    );
    const [p, q] = [all.probabilities ?? {}, some.probabilities ?? {}];
    expect(Object.keys(q)).toEqual(['login', 'delivery']);
    expect(q.delivery).toBeCloseTo((p.delivery ?? 0) / ((p.delivery ?? 0) + (p.login ?? 0)), 6);
  });

  test('an app decides by it, and an alias may name it', async () => {
    const answered = await app.send('/atelier/v1/apps/sentiment/invoke', {
      model: 'classifiers/tickets',
      input: { text: 'my password and the code', labels: [{ label: 'login' }, { label: 'billing' }] },
    });
    expect(await json(answered)).toMatchObject({ output: { label: 'login', method: 'classifier' } });
    const put = await app.send(
      '/atelier/v1/aliases/router',
      { model: 'classifiers/tickets' },
      { method: 'PUT' },
    );
    expect(put.status).toBeLessThan(300);
    expect(await json(await decide({ model: 'router' }))).toMatchObject({ value: 'delivery' });
    const chat = await app.send('/v1/chat/completions', {
      model: 'classifiers/tickets',
      messages: [{ role: 'user', content: 'x' }],
    });
    expect(chat.status).toBe(400);
    expect(await chat.text()).toContain('is a classifier and cannot answer');
    expect(await (await app.request('/v1/models')).text()).not.toContain('classifiers/');
    expect(await (await app.request('/atelier/v1/models')).text()).toContain('classifiers/tickets');
  });

  test('refusals name what is wrong and what to do', async () => {
    const few = await dataset('few', [...texts(20), { text: 'odd one', label: 'other' }]);
    const lone = await dataset(
      'lone',
      texts(20).filter(({ label }) => label === 'login'),
    );
    const { datasets } = app.services.learning;
    const talk = await datasets.create(localIdentity, { name: 'talk', kind: 'chat' });
    const order = { name: 'new', dataset: { id }, embeddingModel };
    const table: [string, object, number, string][] = [
      ['a taken name', { ...order, name: 'tickets' }, 409, 'There is a classifier tickets already'],
      ['a name with a blank', { ...order, name: 'a b' }, 400, 'small letters'],
      ['no dataset', { ...order, dataset: { id: 'nothing' } }, 404, 'nothing'],
      ['no version', { ...order, dataset: { id, version: 9 } }, 404, '9'],
      ['another kind', { ...order, dataset: { id: talk.id } }, 400, 'chat'],
      ['a rare label', { ...order, dataset: { id: few } }, 400, '"other" has'],
      ['one label', { ...order, dataset: { id: lone } }, 400, 'only the label "login"'],
      ['no embedding model', { ...order, embeddingModel: 'scripted/echo' }, 400, 'gives no embeddings'],
    ];
    for (const [what, body, status, words] of table) {
      const response = await app.send(path, body);
      const said = (await response.text()).replaceAll('\\"', '"');
      expect([what, response.status, said.includes(words) || said], what).toEqual([what, status, true]);
    }
    const unknown = await decide({
      question: { type: 'choice', options: [{ label: 'login' }, { label: 'joy' }] },
    });
    expect(unknown.status).toBe(400);
    expect(await json(unknown)).toMatchObject({
      error: { data: { unknown: ['joy'], labels: ['billing', 'delivery', 'login'] } },
    });
    expect((await decide({ model: 'classifiers/none' })).status).toBe(404);
    expect((await app.send(`${path}/none/classify`, { texts: ['a'] })).status).toBe(404);
    expect((await app.send(`${path}/tickets/classify`, { texts: [''] })).status).toBe(400);
  });

  test('of two orders of one name the second is refused, and a cancelled one leaves nothing', async () => {
    const order = { name: 'twice', dataset: { id }, embeddingModel };
    const [first, second] = await Promise.all([app.send(path, order), app.send(path, order)]);
    expect([first.status, second.status].sort()).toEqual([202, 409]);
    const task = await json<Task>(first.status === 202 ? first : second);
    await app.jobs.cancel(task.id).catch(() => {});
    const { status } = await app.jobs.wait(task.id);
    expect((await app.request(`${path}/twice`)).status).toBe(status === 'complete' ? 200 : 404);
  });

  test('texts that disagree are told; strength is chosen when it is left open; deleting ends it', async () => {
    const torn = await dataset('torn', [
      ...texts(12),
      { text: 'My invoice and the REFUND number 0', label: 'login' },
      { text: 'hello there', label: 'login' },
      { text: 'Hello there', label: 'billing' },
    ]);
    const task = await train({ name: 'torn', dataset: { id: torn }, strength: null });
    expect(task.status).toBe('complete');
    const { report } = await json<Classifier>(await app.request(`${path}/torn`));
    expect(report.strength).not.toBe(0);
    expect(report.notes.map(({ code }) => code)).toEqual(['labels_disagree']);
    expect((await app.request(`${path}/torn`, { method: 'DELETE' })).status).toBe(204);
    expect((await app.request(`${path}/torn`)).status).toBe(404);
    expect((await decide({ model: 'classifiers/torn' })).status).toBe(404);
  });

  test('a key that may ask the classifier needs no other model; another key may not ask it', async () => {
    const { classifiers } = app.services.learning;
    const ask = (models: string[]) =>
      classifiers.classify('tickets', ['my parcel'], {
        identity: { ...localIdentity, models },
        source: 'api',
      });
    expect((await ask(['classifiers/tickets']))[0]?.value).toBe('delivery');
    await expect(ask(['scripted/embed'])).rejects.toMatchObject({ code: 'forbidden' });
  });
});

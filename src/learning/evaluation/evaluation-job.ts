// The job that asks: example by example, every subject in turn, so that whatever drifts meanwhile hits all alike. An
// answer is a row as soon as it is there and is never asked again, whatever kills or pauses the job.
import type { Identity } from '../../contracts/identity.ts';
import type { JobContext, JobHandler } from '../../jobs/queue.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Store } from '../../store/store.ts';
import { type AskParts, ask } from './ask.ts';
import type { EvaluationPayload, EvaluationRows } from './evaluation-rows.ts';
import type { Question } from './question.ts';
import { type Scored, summarise } from './summarise.ts';

export const EVALUATION_KIND = 'learning.evaluation';

/** Examples at once where every model is remote; a local one has all its cores at work on one. */
const REMOTE_EXAMPLES = 4;
/** How often the figures of a running evaluation are told, unless reckoning them takes long. */
const SUMMARY_MS = 2000;
const SUMMARY_SHARE = 20;

export interface EvaluationJobOptions extends AskParts {
  store: Store;
  registry: ModelRegistry;
  rows: EvaluationRows;
  /** The examples in their order, and the labels that may be chosen. */
  questions(
    who: Identity,
    order: Pick<EvaluationPayload, 'input' | 'datasetVersion'>,
  ): Promise<{ questions: Question[]; labels: string[] }>;
}

export function createEvaluationJob(options: EvaluationJobOptions): JobHandler<EvaluationPayload> {
  const { store, registry, rows } = options;

  async function examplesAtOnce(models: readonly string[]): Promise<number> {
    const remote = await Promise.all(
      models.map(async (model) => {
        const found = await registry.resolve(model).catch(() => null);
        return found?.info.place.kind === 'remote';
      }),
    );
    return remote.every(Boolean) ? REMOTE_EXAMPLES : 1;
  }

  async function run({ id, payload, signal, progress }: JobContext<EvaluationPayload>) {
    const { evaluationId, identity, input } = payload;
    const { subjects, judge } = input;
    await store.write([rows.insert(payload, id)]);
    const { questions, labels } = await options.questions(identity, payload);
    const scored: Scored[] = await rows.scored(evaluationId);
    const done = new Set(scored.map(({ exampleId, subject }) => `${subject} ${exampleId}`));
    const before = scored.length;
    const startedAt = performance.now();
    let told = { at: startedAt, tookMs: 0 };

    const tell = () => {
      const seconds = (performance.now() - startedAt) / 1000;
      progress({
        done: scored.length,
        total: payload.total,
        unit: 'items',
        perSecond: scored.length > before && seconds > 0 ? (scored.length - before) / seconds : null,
        note: null,
      });
    };
    async function keepSummary() {
      const at = performance.now();
      told = { ...told, at };
      // What comes while it is reckoned is in the next one.
      const known = [...scored];
      const summary = await summarise(input, known);
      await store.write([rows.summary(evaluationId, summary, known.length)]);
      told = { at: performance.now(), tookMs: performance.now() - at };
    }
    const isDue = () => performance.now() - told.at > Math.max(SUMMARY_MS, told.tookMs * SUMMARY_SHARE);

    // One example's failure that concerns all stops its neighbours too.
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    async function askAll(question: Question, place: number): Promise<void> {
      for (let turn = 0; turn < subjects.length; turn++) {
        // Another one begins each time: what the first of a pair warms up helps each of them as often.
        const index = (turn + place) % subjects.length;
        const subject = subjects[index];
        if (subject === undefined || done.has(`${index} ${question.exampleId}`)) continue;
        both.throwIfAborted();
        const asked = await ask(options, {
          who: identity,
          evaluation: { name: input.name, judge },
          labels,
          subject,
          question,
          signal: both,
        });
        const { exampleId, text, expected } = question;
        await store.write([
          rows.put(evaluationId, place, { exampleId, subject: index, question: text, expected, ...asked }),
        ]);
        scored.push({ exampleId, subject: index, expected, failed: asked.error !== null, ...asked });
        tell();
        if (isDue()) await keepSummary();
      }
    }

    tell();
    const models = subjects.map(({ model }) => model);
    const parallel = await examplesAtOnce(judge.type === 'model' ? [...models, judge.model] : models);
    const open = questions.entries();
    const workers = Array.from({ length: parallel }, async () => {
      try {
        for (const [place, question] of open) await askAll(question, place);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    });
    const outcomes = await Promise.allSettled(workers);
    const failed = outcomes.some(({ status }) => status === 'rejected');
    await keepSummary();
    signal.throwIfAborted();
    if (failed) throw stop.signal.reason;
    return { evaluationId, asked: scored.length, failed: scored.filter((row) => row.failed).length };
  }

  // A rate limit or a server that is away for a moment: tried again a little later, from where it was.
  return { kind: EVALUATION_KIND, canPause: true, attempts: 4, run };
}

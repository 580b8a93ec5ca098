// The search for names of people in a dataset, which only a model can do: a job that somebody asks for, with a model on this
// machine and never a remote one. What it found stands with each example at once, so that it goes on after any stop.
import type { ExampleBody, Finding, NameSearch } from '../../../contracts/dataset.ts';
import { AtelierError } from '../../../contracts/errors.ts';
import type { Identity } from '../../../contracts/identity.ts';
import type { ModelInfo } from '../../../contracts/model.ts';
import type { Task } from '../../../contracts/task.ts';
import type { JobContext, Jobs } from '../../../jobs/queue.ts';
import type { Decider } from '../../../models/decider.ts';
import { notAChatModel } from '../../../models/not-a-chat-model.ts';
import type { ModelRegistry } from '../../../models/registry.ts';
import type { Ledger } from '../../../monitoring/ledger.ts';
import { findNames } from '../../../safety/detect/names/find-names.ts';
import { withoutOverlaps } from '../../../safety/detect/without-overlaps.ts';
import type { Measurements } from '../../../store/measurements.ts';
import type { Store } from '../../../store/store.ts';
import type { Datasets } from '../datasets.ts';
import { fieldsOf } from '../example-body.ts';
import { createNameJudge, LEAST_LIKELY } from './judge-name.ts';
import { createNameRows } from './name-rows.ts';

export const NAMES_KIND = 'learning.names';
/** Weights below which a model is not trusted without a word. */
const SMALL = 1e9;

interface NamesPayload extends Record<string, unknown> {
  identity: Identity;
  datasetId: string;
  model: string;
}

export interface NameSearches {
  /** Which models can look, how far each has come, and how long the rest takes. @throws AtelierError forbidden, not_found */
  state(who: Identity, datasetId: string): Promise<NameSearch>;
  /** @throws AtelierError forbidden, not_found, model_not_found, invalid_request (a remote model) */
  start(who: Identity, datasetId: string, model: string): Promise<Task>;
}

export interface NameSearchOptions {
  store: Store;
  jobs: Jobs;
  datasets: Pick<Datasets, 'get'>;
  registry: ModelRegistry;
  decider: Pick<Decider, 'weigh'>;
  ledger: Ledger;
  measurements: Measurements;
  now?: () => number;
}

/** An app or an agent that is served as a model stands on this machine and may ask one that does not. */
const isHere = ({ kind, provider, place }: ModelInfo) =>
  kind === 'chat' && (provider === 'local' || place.kind === 'scripted');

/** Asked of what an alias stands for, and again whenever a job goes on. */
function requireHere(info: ModelInfo): void {
  if (info.kind !== 'chat') throw notAChatModel(info);
  if (isHere(info)) return;
  throw new AtelierError(
    'invalid_request',
    `${info.id} is no model of this machine, or may ask one that is not. Texts in which names of people are looked for do not leave this one: choose a local model.`,
    { data: { param: 'model', model: info.id } },
  );
}

/** Registers its job: call it before the jobs start. */
export function createNameSearch({
  store,
  jobs,
  datasets,
  registry,
  decider,
  ledger,
  measurements,
  now = Date.now,
}: NameSearchOptions): NameSearches {
  const rows = createNameRows({ store, now });
  const paceKey = (model: string) => `names.ms-per-character:${model}`;

  async function run({ payload, signal, progress }: JobContext<NamesPayload>) {
    const { identity, datasetId, model } = payload;
    requireHere((await registry.resolve(model)).info);
    const { total, read } = await rows.counts(datasetId, model);
    const unread = total - read;
    const startedAt = now();
    let done = 0;
    let length = 0;
    let names = 0;
    const tell = () => {
      const seconds = (now() - startedAt) / 1000;
      progress({
        done,
        total: unread,
        unit: 'items',
        perSecond: done > 0 && seconds > 0 ? done / seconds : null,
        note: 'names',
      });
    };
    const span = ledger.startSpan({
      name: 'look for names',
      kind: 'run',
      userId: identity.userId,
      source: 'job',
      attributes: { 'atelier.dataset.id': datasetId },
    });
    const parent = { traceId: span.traceId, spanId: span.spanId };
    const judge = createNameJudge(decider, model, { identity, source: 'job', parent }, signal);
    try {
      tell();
      for (let after = ''; ; ) {
        signal.throwIfAborted();
        const row = await rows.nextUnread(datasetId, model, after);
        if (row === undefined) break;
        const before = JSON.parse(row.findings) as Finding[];
        const findings: Finding[] = [];
        for (const { name: field, text } of fieldsOf(JSON.parse(row.body) as ExampleBody)) {
          const found = await findNames(text, judge, LEAST_LIKELY);
          names += found.length;
          const here = before.filter((one) => one.field === field);
          findings.push(...withoutOverlaps([...here, ...found]).map((one) => ({ ...one, field })));
        }
        await rows.put(row, model, findings);
        done++;
        length += row.body.length;
        tell();
        after = row.id;
      }
      if (length > 0) await measurements.set(paceKey(model), (now() - startedAt) / length);
      span.end({ status: 'ok', model });
      return { datasetId, model, looked: done, names };
    } catch (thrown) {
      span.end({ status: signal.aborted ? 'cancelled' : 'error' });
      throw thrown;
    }
  }
  jobs.register({ kind: NAMES_KIND, canPause: true, attempts: 2, run });

  return {
    async state(who, datasetId) {
      const { id, counts } = await datasets.get(who, datasetId);
      const local = (await registry.list()).filter(
        (info) => isHere(info) && info.place.kind === 'local' && info.state !== 'failed',
      );
      const models = await Promise.all(
        local.map(async (info) => {
          const { read, unreadLength } = await rows.counts(id, info.id);
          const pace = await measurements.get(paceKey(info.id));
          return {
            model: info.id,
            read,
            small: info.parameters !== null && info.parameters < SMALL,
            minutes: typeof pace === 'number' ? (pace * unreadLength) / 60_000 : null,
          };
        }),
      );
      return { total: counts.total, models };
    },
    async start(who, datasetId, model) {
      const dataset = await datasets.get(who, datasetId);
      const { info } = await registry.resolve(model);
      requireHere(info);
      const payload: NamesPayload = { identity: who, datasetId: dataset.id, model: info.id };
      return jobs.enqueue(NAMES_KIND, payload, {
        title: dataset.name,
        uniqueKey: `${NAMES_KIND} ${dataset.id} ${info.id}`,
      });
    },
  };
}

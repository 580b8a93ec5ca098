// The run around an app: its input checked, one span over all its calls, its output checked, and what it took at the end.
import type { AppEvent } from '../contracts/app.ts';
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { Identity } from '../contracts/identity.ts';
import type { Notice } from '../contracts/notice.ts';
import { attribute, noteAttributes } from '../contracts/span.ts';
import { newTraceId } from '../lib/ids.ts';
import { planFor } from '../models/canary.ts';
import { checkChosen, checkMayRun } from '../models/check-scope.ts';
import type { ModelRegistry } from '../models/registry.ts';
import { routedOf } from '../models/try-in-turn.ts';
import type { Ledger } from '../monitoring/ledger.ts';
import { appReceipt } from './app-receipt.ts';
import type { AppDefinition, RunAppOptions } from './apps.ts';
import { checkInput } from './check-input.ts';

export interface RunAppParts {
  ledger: Ledger;
  registry: ModelRegistry;
  /** Aborted when the program stops. */
  closing: AbortSignal;
}

/** @throws AtelierError invalid_request and what the model's name is refused for, before the first event */
export async function* runApp(
  { ledger, registry, closing }: RunAppParts,
  who: Identity,
  app: AppDefinition,
  input: unknown,
  options: RunAppOptions,
): AsyncGenerator<AppEvent> {
  checkMayRun(who, app.name);
  await checkChosen(registry, who, options.model);
  const checked = checkInput(app.name, app.input, input);
  const asked = options.model ?? 'default';
  const asCall = { identity: who, source: options.source, app: app.name };
  const traceId = options.parent?.traceId ?? newTraceId();
  // A run is one conversation: all its calls ask the same model, also where another is tried on some of them.
  const plan = app.origin === undefined ? await planFor(registry, asked, asCall, () => traceId) : null;
  const model = plan?.candidates[0].info.id ?? asked;
  const stop = new AbortController();
  const signal = AbortSignal.any([closing, stop.signal, ...(options.signal ? [options.signal] : [])]);
  if (signal.aborted) throw cancelled(signal);

  const startedAt = performance.now();
  const span = ledger.startSpan({
    traceId,
    ...(options.parent ? { parentId: options.parent.spanId } : {}),
    name: `app ${app.name}`,
    kind: 'run',
    userId: who.userId,
    source: options.source,
    keyId: who.keyId ?? null,
    app: app.name,
    attributes: {
      [attribute.app]: app.name,
      ...(plan?.canary === undefined
        ? {}
        : { [attribute.routed]: routedOf(plan, plan.candidates[0], 1, [plan.reason ?? '']) }),
    },
    input: checked,
  });
  let output: unknown;
  let isDone = false;
  const said: Notice[] = [];
  try {
    const call = {
      ...asCall,
      parent: { traceId: span.traceId, spanId: span.spanId },
    };
    for await (const event of app.run(checked, { call, model, signal })) {
      if (signal.aborted) throw cancelled(signal);
      if (isDone) throw broken(app, 'it said more after its output');
      if (event.type === 'note') {
        const { type: _note, ...notice } = event;
        said.push(notice);
      }
      if (event.type === 'output') {
        output = checkOutput(app, event.output);
        isDone = true;
        yield { type: 'output', output };
      } else yield event;
    }
    if (!isDone) throw broken(app, 'it ended without an output');
    span.end({ status: 'ok', output, attributes: noteAttributes(said) });
  } catch (thrown) {
    const error = signal.aborted ? cancelled(signal, thrown) : toAtelierError(thrown);
    span.end({ status: signal.aborted ? 'cancelled' : 'error', error: error.toJSON() });
    throw error;
  } finally {
    // A consumer that goes away in the middle ends the work and the span; after an end above, both are nothing new.
    stop.abort();
    span.end({ status: 'cancelled' });
  }
  const receipt = await appReceipt(ledger, span, {
    userId: who.userId,
    model,
    durationMs: performance.now() - startedAt,
  });
  yield { type: 'finish', receipt };
}

function checkOutput(app: AppDefinition, output: unknown): unknown {
  const checked = app.output.safeParse(output);
  if (checked.success) return checked.data;
  throw broken(app, `its output does not fit its own schema: ${checked.error.issues[0]?.message}`);
}

const broken = (app: AppDefinition, what: string) =>
  new AtelierError('internal', `The app ${app.name} is broken: ${what}.`, { data: { app: app.name } });

const cancelled = (signal: AbortSignal, cause: unknown = signal.reason) =>
  new AtelierError('cancelled', 'The app was stopped.', { cause });

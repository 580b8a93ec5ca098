// POST P/stream_events: the run as LangChain's events, in the older or the newer form.
import type { Step, StepRun } from './steps.ts';

interface WireEvent {
  event: string;
  name: string;
  run_id: string;
  tags: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
  data: unknown;
  parent_ids: readonly string[];
}

/** v1 wraps what a model wrote as the result of a batch of prompts. */
function endData(step: Extract<Step, { kind: 'end' }>, version: 'v1' | 'v2'): unknown {
  const { run, input, output } = step;
  const isRoot = run.parentIds.length === 0;
  if (isRoot) return { output };
  if (version === 'v2' || run.type !== 'chat_model') return { input, output };
  const message = output as { content: string };
  const generation = { text: message.content, generation_info: null, type: 'ChatGeneration', message };
  return { input, output: { generations: [[generation]], llm_output: null } };
}

export async function* toEvents(
  steps: AsyncIterable<Step>,
  { version, isWanted }: { version: 'v1' | 'v2'; isWanted: (run: StepRun) => boolean },
): AsyncGenerator<WireEvent> {
  for await (const step of steps) {
    const { run, kind } = step;
    if (!isWanted(run)) continue;
    const event = {
      name: run.name,
      run_id: run.id,
      tags: run.tags,
      metadata: run.metadata,
      parent_ids: version === 'v1' ? [] : run.parentIds,
    };
    const name = (moment: string) => `on_${run.type}_${moment}`;
    if (kind === 'start') yield { ...event, event: name('start'), data: { input: step.input } };
    else if (kind === 'stream') yield { ...event, event: name('stream'), data: { chunk: step.chunk } };
    else if (kind === 'end') yield { ...event, event: name('end'), data: endData(step, version) };
    // The older form has no events of one's own.
    else if (version === 'v2') yield { ...event, event: 'on_custom_event', name: step.name, data: step.data };
  }
}

// POST P/stream_log: the run as JSON Patches (RFC 6902) of one growing log.
import type { Step, StepRun } from './steps.ts';

interface Patch {
  op: 'add' | 'replace';
  path: string;
  value: unknown;
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
/** As Python writes a time of UTC. */
const now = () => new Date().toISOString().replace('Z', '+00:00');

/** The text of a chunk; null where it has none. */
function chunkText(chunk: unknown): string | null {
  if (typeof chunk === 'string') return chunk;
  if (typeof chunk === 'object' && chunk !== null && 'content' in chunk && typeof chunk.content === 'string')
    return chunk.content;
  return null;
}

export async function* toLog(
  steps: AsyncIterable<Step>,
  isWanted: (run: StepRun) => boolean,
): AsyncGenerator<{ ops: Patch[] }> {
  /** Run id to key below /logs; a second call of a tool is `name:2`. */
  const keys = new Map<string, string>();
  const used = new Map<string, number>();
  const keyOf = (run: StepRun) => {
    const times = (used.get(run.name) ?? 0) + 1;
    used.set(run.name, times);
    const key = escaped(times === 1 ? run.name : `${run.name}:${times}`);
    keys.set(run.id, key);
    return key;
  };

  for await (const step of steps) {
    const { run } = step;
    const isRoot = run.parentIds.length === 0;
    if (step.kind === 'start' && isRoot) {
      const { id, name, type } = run;
      const value = { id, streamed_output: [], final_output: null, logs: {}, name, type };
      yield { ops: [{ op: 'replace', path: '', value }] };
    } else if (step.kind === 'start') {
      if (!isWanted(run)) continue;
      const { id, name, type, tags, metadata } = run;
      const value = {
        id,
        name,
        type,
        tags,
        metadata,
        start_time: now(),
        streamed_output: [],
        streamed_output_str: [],
        final_output: null,
        end_time: null,
      };
      yield { ops: [{ op: 'add', path: `/logs/${keyOf(run)}`, value }] };
    } else if (step.kind === 'stream') {
      const path = isRoot ? '' : `/logs/${keys.get(run.id)}`;
      if (!isRoot && !keys.has(run.id)) continue;
      const ops: Patch[] = [{ op: 'add', path: `${path}/streamed_output/-`, value: step.chunk }];
      const text = isRoot ? null : chunkText(step.chunk);
      if (text !== null) ops.push({ op: 'add', path: `${path}/streamed_output_str/-`, value: text });
      yield { ops };
    } else if (step.kind === 'end') {
      if (isRoot) yield { ops: [{ op: 'replace', path: '/final_output', value: step.output }] };
      else if (keys.has(run.id)) {
        const path = `/logs/${keys.get(run.id)}`;
        yield {
          ops: [
            { op: 'add', path: `${path}/final_output`, value: { output: step.output } },
            { op: 'add', path: `${path}/end_time`, value: now() },
          ],
        };
      }
    }
  }
}

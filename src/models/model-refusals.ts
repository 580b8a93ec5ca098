// Why a model id stands for nothing now, and what to do about it: not there, not installed, or still on its way.
import type { FirstRun } from '../contracts/catalogue.ts';
import { AtelierError } from '../contracts/errors.ts';
import type { TaskProgress } from '../contracts/task.ts';
import { nearMatches } from './near-matches.ts';

export interface RefusalPorts {
  /** A model of the catalogue by the name after `local/`; null when there is none. `taskId`: the download under way. */
  catalogueEntry?: (
    name: string,
  ) => Promise<{ displayName: string; sizeBytes: number | null; taskId: string | null } | null>;
  firstRun?: () => FirstRun;
  progressOf?: (taskId: string) => Promise<TaskProgress | null>;
}

const NEAR = 10;

/** Provider, and the rest after the first slash. */
export function splitId(id: string): [provider: string, name: string] {
  const slash = id.indexOf('/');
  return slash < 0 ? [id, ''] : [id.slice(0, slash), id.slice(slash + 1)];
}

/** `known`: every id and alias that exists. */
export function createRefusals(ports: RefusalPorts, known: () => Promise<string[]>) {
  async function loading(asked: string, name: string | null, taskId: string | null): Promise<AtelierError> {
    const progress = taskId && ports.progressOf ? await ports.progressOf(taskId) : null;
    const share = progress?.total ? ` (${Math.floor((progress.done / progress.total) * 100)} %)` : '';
    return new AtelierError(
      'model_loading',
      `The model${name ? ` ${name}` : ''} is still being fetched${share}. Ask again when it is there.`,
      { data: { asked, model: name && `local/${name}`, taskId, progress }, retryable: true },
    );
  }

  return {
    /** There is no default, because nothing is installed or configured. */
    async noDefault(asked: string): Promise<AtelierError> {
      const run = ports.firstRun?.();
      if (run?.state === 'working') return loading(asked, run.chosen, run.taskId);
      return new AtelierError(
        'model_not_found',
        'No model is installed and no endpoint is configured. Run `atelier models pull auto`, or add an address and key under Models.',
        { data: { asked, exist: (await known()).slice(0, NEAR), firstRun: run ?? null } },
      );
    },

    /** `viaAlias`: what the alias that was asked for points to. */
    async missing(asked: string, viaAlias: string | null): Promise<AtelierError> {
      const id = viaAlias ?? asked;
      const [provider, name] = splitId(id);
      const through = viaAlias ? ` (the alias ${asked})` : '';
      const entry = provider === 'local' && name ? await ports.catalogueEntry?.(name) : null;
      if (entry) {
        const run = ports.firstRun?.();
        const first = run?.state === 'working' && run.chosen === name;
        const taskId = (first ? run.taskId : null) ?? entry.taskId;
        if (first || taskId) return loading(asked, name, taskId);
        return new AtelierError(
          'model_not_installed',
          `${id}${through} is in the catalogue and not on this machine. Run \`atelier models pull ${name}\`.`,
          { data: { asked, model: id, pull: name, sizeBytes: entry.sizeBytes } },
        );
      }
      const near = nearMatches(id, await known(), NEAR);
      const exist = near.length > 0 ? `These exist: ${near.join(', ')}.` : 'None is installed.';
      return new AtelierError('model_not_found', `There is no model ${id}${through}. ${exist}`, {
        data: { asked, exist: near },
      });
    },
  };
}

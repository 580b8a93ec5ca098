// How fast a model reads a prompt on this machine, as its own calls have shown, and how many tokens a person can wait for.
import type { ModelInfo } from '../../contracts/model.ts';
import type { Measurements } from '../../store/measurements.ts';

export interface ReadingSpeed {
  /** Tokens a second; null: fast enough not to count (a remote or scripted model). */
  of(model: ModelInfo): Promise<number | null>;
  saw(model: ModelInfo, tokens: number, milliseconds: number): Promise<void>;
}

/** Fewer tokens say more about the call than about the reading. */
const LEAST_TOKENS = 64;
const NEW_SHARE = 0.3;
/** Before anything was measured: a weight read a token at this rate, as on two cores of 2026; see docs/log.md. */
const WEIGHTS_A_SECOND = 1.1e11;
const UNKNOWN = 75;
const key = (model: ModelInfo) => `reading:${model.id}`;

export function createReadingSpeed(measurements: Measurements): ReadingSpeed {
  const kept = async (model: ModelInfo): Promise<number | null> => {
    const value = await measurements.get(key(model));
    return typeof value === 'number' && value > 0 ? value : null;
  };
  return {
    async of(model) {
      if (model.place.kind !== 'local') return null;
      const measured = await kept(model);
      if (measured !== null) return measured;
      if (model.parameters === null) return UNKNOWN;
      return Math.max(20, Math.min(300, WEIGHTS_A_SECOND / model.parameters));
    },
    async saw(model, tokens, milliseconds) {
      if (model.place.kind !== 'local' || tokens < LEAST_TOKENS || milliseconds <= 0) return;
      const now = (tokens / milliseconds) * 1000;
      const before = await kept(model);
      const next = before === null ? now : before * (1 - NEW_SHARE) + now * NEW_SHARE;
      await measurements.set(key(model), Math.round(next * 10) / 10);
    },
  };
}

// How a model works in a run: whether it chooses under a grammar or calls functions, and how much one search may give it.
import type { ModelInfo } from '../../contracts/model.ts';
import type { AgentTools } from '../agent-tools.ts';
import type { StepMode } from './model-step.ts';

/** What one search gives to a small model that reads on this machine, and to one that reads elsewhere. */
const PASSAGES = {
  local: { maxPassages: 3, maxCharacters: 2400 },
  other: { maxPassages: 5, maxCharacters: 12_000 },
} as const;

/** A small model on this machine, or one without function calls, chooses under a grammar. */
export function modeOf(model: ModelInfo, { tools }: Pick<AgentTools, 'tools'>): StepMode {
  if (tools.length === 0) return 'native';
  return model.place.kind === 'local' || !model.tools ? 'constrained' : 'native';
}

export function passageRoom({ place, contextLength }: ModelInfo) {
  const { maxPassages, maxCharacters } = PASSAGES[place.kind === 'local' ? 'local' : 'other'];
  // A quarter of the context, at about three characters a token.
  const room = contextLength === null ? maxCharacters : Math.max(400, Math.floor(contextLength * 0.75));
  return { maxPassages, maxCharacters: Math.min(maxCharacters, room) };
}

// The seven boxes of the system as drawn: which box a span belongs to, and the door behind each.
import type { Span } from '../../../contracts/span.ts';

export const boxes = ['interface', 'api', 'agent', 'knowledge', 'tools', 'models', 'monitoring'] as const;
export type Box = (typeof boxes)[number];

const boxOfKind: Record<Span['kind'], Box> = {
  request: 'api',
  run: 'agent',
  agent: 'agent',
  retrieval: 'knowledge',
  tool: 'tools',
  model: 'models',
  attempt: 'models',
  embedding: 'models',
  job: 'monitoring',
};

/** The box of a span; a kind that the page does not know is something that monitoring saw. */
export function boxOf(kind: string): Box {
  return boxOfKind[kind as Span['kind']] ?? 'monitoring';
}

/** The address behind each box. */
export const doorOfBox: Record<Box, string> = {
  interface: '/apps',
  api: '/docs',
  agent: '/agents',
  knowledge: '/knowledge',
  tools: '/agents?tab=tools',
  models: '/models',
  monitoring: '/monitor',
};

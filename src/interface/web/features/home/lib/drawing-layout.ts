// Where each box and arrow of the drawing stands, in real pixels for the width at hand, so that text is never scaled.
import type { Box } from '../../../lib/system-boxes.ts';

export interface BoxPlace {
  x: number;
  y: number;
  width: number;
  height: number;
  /** tall: name, figure and state under each other; row: the figure at the right. */
  shape: 'tall' | 'row';
}

export interface Arrow {
  from: Box;
  to: Box;
  path: string;
}

export interface DrawingLayout {
  width: number;
  height: number;
  boxes: Record<Box, BoxPlace>;
  arrows: Arrow[];
}

/** Below this the boxes stand under each other. */
const WIDE = 720;
const TALL = 80;
const ROW = 52;

export function drawingLayout(width: number): DrawingLayout {
  return width >= WIDE ? wide(width) : narrow(Math.max(width, 240));
}

const right = (box: BoxPlace) => box.x + box.width;
const foot = (box: BoxPlace) => box.y + box.height;
const middle = (box: BoxPlace) => box.y + box.height / 2;
const centre = (box: BoxPlace) => box.x + box.width / 2;
/** Room for the head of an arrow. */
const HEAD = 6;

function wide(width: number): DrawingLayout {
  const gap = Math.min(56, width / 18);
  const column = (width - 3 * gap) / 4;
  const between = 14;
  const stack = 3 * TALL + 2 * between;
  const tall = (at: number, y: number): BoxPlace => ({
    x: at * (column + gap),
    y,
    width: column,
    height: TALL,
    shape: 'tall',
  });
  const middleRow = TALL + between;
  const boxes: Record<Box, BoxPlace> = {
    interface: tall(0, middleRow),
    api: tall(1, middleRow),
    agent: tall(2, middleRow),
    knowledge: tall(3, 0),
    tools: tall(3, middleRow),
    models: tall(3, 2 * middleRow),
    monitoring: { x: 0, y: stack + 28, width, height: ROW, shape: 'row' },
  };
  const { interface: page, api, agent, knowledge, tools, models, monitoring } = boxes;
  const straight = (a: BoxPlace, b: BoxPlace) => `M${right(a)} ${middle(a)}H${b.x - HEAD}`;
  const bend = right(agent) + gap / 2;
  const bent = (b: BoxPlace) => `M${right(agent)} ${middle(agent)}H${bend}V${middle(b)}H${b.x - HEAD}`;
  const down = (a: BoxPlace) => `M${centre(a)} ${foot(a)}V${monitoring.y - HEAD}`;
  return {
    width,
    height: foot(monitoring),
    boxes,
    arrows: [
      { from: 'interface', to: 'api', path: straight(page, api) },
      { from: 'api', to: 'agent', path: straight(api, agent) },
      { from: 'agent', to: 'knowledge', path: bent(knowledge) },
      { from: 'agent', to: 'tools', path: straight(agent, tools) },
      { from: 'agent', to: 'models', path: bent(models) },
      { from: 'api', to: 'monitoring', path: down(api) },
      { from: 'agent', to: 'monitoring', path: down(agent) },
      { from: 'models', to: 'monitoring', path: down(models) },
    ],
  };
}

function narrow(width: number): DrawingLayout {
  const gap = 32;
  const indent = 24;
  const half = (width - gap) / 2;
  const step = 24;
  const row = (y: number, x = 0): BoxPlace => ({ x, y, width: width - x, height: ROW, shape: 'row' });
  const agentY = TALL + step;
  const first = agentY + ROW + 16;
  const boxes: Record<Box, BoxPlace> = {
    interface: { x: 0, y: 0, width: half, height: TALL, shape: 'tall' },
    api: { x: half + gap, y: 0, width: half, height: TALL, shape: 'tall' },
    agent: row(agentY),
    knowledge: row(first, indent),
    tools: row(first + ROW + 8, indent),
    models: row(first + 2 * (ROW + 8), indent),
    monitoring: row(first + 3 * (ROW + 8) + step - 8),
  };
  const { interface: page, api, agent, knowledge, tools, models, monitoring } = boxes;
  const rail = 10;
  const into = (b: BoxPlace) => `M${rail} ${foot(agent)}V${middle(b)}H${b.x - HEAD}`;
  return {
    width,
    height: foot(monitoring),
    boxes,
    arrows: [
      { from: 'interface', to: 'api', path: `M${right(page)} ${middle(page)}H${api.x - HEAD}` },
      { from: 'api', to: 'agent', path: `M${centre(api)} ${foot(api)}V${agent.y - HEAD}` },
      { from: 'agent', to: 'knowledge', path: into(knowledge) },
      { from: 'agent', to: 'tools', path: into(tools) },
      { from: 'agent', to: 'models', path: into(models) },
      {
        from: 'models',
        to: 'monitoring',
        path: `M${centre(models)} ${foot(models)}V${monitoring.y - HEAD}`,
      },
    ],
  };
}

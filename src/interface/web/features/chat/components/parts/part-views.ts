// How each part of an answer is drawn: a total table, so that the compiler asks for the row of a new part.

import type { PartType, PartView } from './part-view.ts';
import { PlanPart } from './plan-part.tsx';
import { ReasoningPart } from './reasoning-part.tsx';
import { SourcesFoot } from './sources-foot.tsx';
import { SourcesPart } from './sources-part.tsx';
import { TextPart } from './text-part.tsx';
import { ToolPart } from './tool-part.tsx';

export const partViews: { [T in PartType]: PartView<T> } = {
  text: { Body: TextPart },
  reasoning: { Body: ReasoningPart },
  // Only messages of a person have files; user-message.tsx draws them.
  file: { Body: () => null },
  sources: { Body: SourcesPart, Foot: SourcesFoot },
  plan: { Body: PlanPart },
  tool: { Body: ToolPart },
};

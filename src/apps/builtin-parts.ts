// What the apps that come with Atelier are made with.
import type { Decider } from '../models/decider.ts';
import type { Sandbox } from '../tools/sandbox/create-sandbox.ts';
import type { ModelAsker } from './parts/ask-model.ts';

export interface BuiltinParts {
  asker: ModelAsker;
  decider: Decider;
  sandbox: Sandbox;
}

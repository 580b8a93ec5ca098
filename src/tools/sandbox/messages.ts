// What the server and a sandbox thread say to each other.

export interface SandboxTask {
  code: string;
  /** Set as globals before the code runs: JSON, by name. */
  globals: Record<string, string>;
  timeoutMs: number;
  memoryBytes: number;
  stackBytes: number;
  maxOutputCharacters: number;
  wasm: WebAssembly.Module;
}

export interface ConsoleLine {
  level: 'log' | 'info' | 'warn' | 'error' | 'debug';
  text: string;
}

export type SandboxFault = 'error' | 'timeout' | 'memory' | 'stack' | 'unsettled' | 'crash';

export interface SandboxOutcome {
  ok: boolean;
  /** The value in words; null when the code failed. */
  value: string | null;
  /** The value as JSON, when it has such a form. */
  json: string | null;
  error: { kind: SandboxFault; name: string; message: string; stack: string | null } | null;
  console: ConsoleLine[];
  /** Lines of the console that were left out. */
  consoleLeftOut: number;
  durationMs: number;
}

// All tools under one roof, whatever they come from. A name means one tool: who comes second is refused and shown.
import { AtelierError, toAtelierError } from '../contracts/errors.ts';
import type { ToolDefinition, ToolFault, ToolInfo, ToolSourceKind } from '../contracts/tool.ts';
import { createEmitter } from '../lib/emitter.ts';
import type { Log } from '../lib/log.ts';

export interface SourcedTool {
  tool: ToolDefinition;
  /** File or server; null for what Atelier brings itself. */
  origin: string | null;
}

/** Where tools come from; they may come and go. */
export interface ToolSource {
  readonly kind: ToolSourceKind;
  tools(): readonly SourcedTool[];
  faults?(): readonly ToolFault[];
  onChange?(listener: () => void): () => void;
}

export interface ToolRegistry {
  /** Earlier sources win a name. Returns the function that takes the source off again. */
  add(source: ToolSource): () => void;
  /** @throws AtelierError tool_not_found, also for one that is switched off */
  get(name: string): ToolDefinition;
  list(): ToolInfo[];
  /** The tools that may be called now, by name. */
  enabled(): ToolDefinition[];
  faults(): ToolFault[];
  onChange(listener: () => void): () => void;
  /** To be called when what `isEnabled` reads has changed. */
  changed(): void;
}

export interface ToolRegistryOptions {
  log: Log;
  builtin: readonly ToolDefinition[];
  /** What the person has switched off; asked at each look. */
  isEnabled?: (name: string) => boolean;
}

export function createToolRegistry({
  log,
  builtin,
  isEnabled = () => true,
}: ToolRegistryOptions): ToolRegistry {
  const sources: ToolSource[] = [
    { kind: 'builtin', tools: () => builtin.map((tool) => ({ tool, origin: null })) },
  ];
  const changes = createEmitter<void>((error) =>
    log.error('a listener of the tools failed', { error: String(error) }),
  );
  type Found = SourcedTool & { kind: ToolSourceKind };
  let known: { byName: Map<string, Found>; faults: ToolFault[] } | undefined;

  const look = () => {
    known ??= collect(sources);
    return known;
  };
  const changed = () => {
    known = undefined;
    changes.emit();
  };

  return {
    add(source) {
      sources.push(source);
      const off = source.onChange?.(changed);
      changed();
      return () => {
        off?.();
        sources.splice(sources.indexOf(source), 1);
        changed();
      };
    },
    get(name) {
      const found = look().byName.get(name);
      if (found !== undefined && isEnabled(name)) return found.tool;
      const names = [...look().byName.keys()].filter(isEnabled);
      const why =
        found === undefined
          ? `There is no tool ${JSON.stringify(name)}.`
          : `The tool ${name} is switched off.`;
      throw new AtelierError('tool_not_found', `${why} There are: ${names.join(', ') || 'none'}.`, {
        data: { name, names },
      });
    },
    list: () =>
      [...look().byName.values()].map(({ tool, kind, origin }) => ({
        name: tool.name,
        title: tool.title,
        description: tool.description,
        source: kind,
        origin,
        effect: tool.effect,
        approval: tool.approval,
        rules: Object.keys(tool.predicates).sort(),
        inputSchema: tool.inputSchema.jsonSchema,
        outputSchema: tool.outputSchema?.jsonSchema ?? null,
        enabled: isEnabled(tool.name),
      })),
    enabled: () =>
      [...look().byName.values()].filter(({ tool }) => isEnabled(tool.name)).map(({ tool }) => tool),
    faults: () => look().faults,
    onChange: changes.on,
    changed,
  };

  function collect(all: readonly ToolSource[]) {
    const byName = new Map<string, Found>();
    const faults: ToolFault[] = [];
    for (const source of all) {
      try {
        faults.push(...(source.faults?.() ?? []));
        for (const { tool, origin } of source.tools()) {
          const other = byName.get(tool.name);
          if (other === undefined) byName.set(tool.name, { tool, origin, kind: source.kind });
          else faults.push(collision(tool.name, source.kind, origin, other));
        }
      } catch (error) {
        faults.push({
          source: source.kind,
          origin: source.kind,
          name: null,
          error: toAtelierError(error).toJSON(),
        });
      }
    }
    return { byName, faults };
  }
}

function collision(
  name: string,
  source: ToolSourceKind,
  origin: string | null,
  other: { kind: ToolSourceKind; origin: string | null },
): ToolFault {
  const holder = other.origin ?? `the ${other.kind} tools`;
  const error = new AtelierError(
    'conflict',
    `The name ${name} is taken by ${holder}, so the tool of ${origin ?? source} is not used. Give it another name.`,
    { data: { name, holder } },
  );
  return { source, origin: origin ?? source, name, error: error.toJSON() };
}

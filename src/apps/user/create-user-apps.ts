// The apps in the data folder's `apps/`: one file, one app, under the file's name.
import { z } from 'zod';
import type { AppFault } from '../../contracts/app.ts';
import { AtelierError } from '../../contracts/errors.ts';
import { iterateWithin } from '../../lib/async-scope.ts';
import { type RunScope, runScope } from '../../lib/run-scope.ts';
import type { Gateway } from '../../models/gateway.ts';
import { createUserFolder, type UserFolderOptions } from '../../tools/user-code/create-user-folder.ts';
import type { AppContext, AppDefinition } from '../apps.ts';
import { type CollectedApp, collectApp } from './collect-app.ts';
import { runUserApp } from './run-user-app.ts';

export interface UserAppsOptions extends Omit<UserFolderOptions<CollectedApp>, 'noun' | 'code' | 'collect'> {
  gateway: Pick<Gateway, 'languageModel'>;
}

export interface UserApps {
  definitions(): readonly AppDefinition[];
  faults(): readonly AppFault[];
  onChange(listener: () => void): () => void;
  /** Looks at the folder now. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** Without a schema of its own an app takes one text. */
const oneText = z.object({ input: z.string() });

/** Makes the folder, loads what is in it, and follows changes. */
export async function createUserApps({ gateway, ...options }: UserAppsOptions): Promise<UserApps> {
  const folder = await createUserFolder({
    ...options,
    noun: 'app',
    code: 'app_failed',
    collect: collectApp,
  });
  /** The same object as long as the file is the same. */
  const made = new WeakMap<CollectedApp, AppDefinition>();
  const definitionOf = (app: CollectedApp, origin: string) => {
    const found = made.get(app) ?? toDefinition(app, origin, gateway);
    made.set(app, found);
    return found;
  };
  return {
    definitions: () => folder.files().map(({ file, content }) => definitionOf(content, file)),
    faults: () => folder.faults().map(({ file, error }) => ({ origin: file, error })),
    onChange: folder.onChange,
    reload: folder.reload,
    close: folder.close,
  };
}

function toDefinition(app: CollectedApp, origin: string, gateway: UserAppsOptions['gateway']): AppDefinition {
  const { name, runner } = app;
  const title = app.title ?? name.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
  const both = (words: string | { en: string; fr: string }) =>
    typeof words === 'string' ? { en: words, fr: words } : words;
  const example = app.example ?? (app.input === undefined ? { input: 'Bonjour' } : {});
  const output = app.output ?? z.unknown();
  return {
    name,
    origin,
    title: both(title),
    description: both(app.description ?? ''),
    icon: app.icon ?? 'file-code',
    input: app.input ?? oneText,
    output,
    streams: runner.kind !== 'function' || isGenerator(runner.run),
    batch: true,
    example: { en: example, fr: example },
    async *run(input, context) {
      const own = app.input === undefined ? (input as z.infer<typeof oneText>).input : input;
      const scope = scopeOf(gateway, context);
      const told = { modelId: context.model, signal: context.signal };
      for await (const event of iterateWithin(runScope, scope, () => runUserApp(name, runner, own, told))) {
        if (event.type === 'output') checkOutput(name, output, event.output);
        yield event;
      }
    },
  };
}

function scopeOf(gateway: UserAppsOptions['gateway'], { model, call, signal }: AppContext): RunScope {
  return { signal, languageModel: (id) => gateway.languageModel(id ?? model, call) };
}

/** In words for the author of the file. */
function checkOutput(name: string, schema: z.ZodType, output: unknown): void {
  const checked = schema.safeParse(output);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  throw new AtelierError(
    'app_failed',
    `The app ${name} returned something that does not fit its output: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}.`,
    { data: { app: name } },
  );
}

function isGenerator(run: unknown): boolean {
  return (
    typeof run === 'function' &&
    ['GeneratorFunction', 'AsyncGeneratorFunction'].includes(run.constructor.name)
  );
}

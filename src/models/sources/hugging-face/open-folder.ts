// Opens a model's folder as Hugging Face lays it out: which files it has, and what the small ones say. A folder is a
// stranger's: every file must lie in it (or in the cache's folder of the same repository, where its links lead), be a
// plain file and no larger than such files are.
import type { Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isMissing } from '../../../lib/disk.ts';
import { type Refuse, refuserOf } from './refusal.ts';

export type JsonObject = Record<string, unknown>;

export interface HuggingFaceFolder {
  path: string;
  /** Of the model: the folder's name, in the cache the repository's. */
  name: string;
  config: JsonObject;
  tokenizer: JsonObject;
  tokenizerConfig: JsonObject;
  generationConfig: JsonObject;
  chatTemplate: string | null;
  /** For calls with tools, where there is one of its own. */
  toolTemplate: string | null;
  /** The files of the weights. */
  weights: string[];
  refuse: Refuse;
}

const MEGABYTE = 1 << 20;
const limits = {
  'config.json': 4 * MEGABYTE,
  'generation_config.json': MEGABYTE,
  'tokenizer_config.json': 16 * MEGABYTE,
  'tokenizer.json': 128 * MEGABYTE,
  'model.safetensors.index.json': 64 * MEGABYTE,
  'chat_template.jinja': MEGABYTE,
  'additional_chat_templates/tool_use.jinja': MEGABYTE,
} as const;
/** They are open at the same time. */
const MOST_WEIGHT_FILES = 500;
type SmallFile = keyof typeof limits;

/** Where a folder has no model file itself but is a repository of the hub's cache, the version that was fetched last. */
export async function snapshotOf(folder: string): Promise<string> {
  const commit = await readFile(join(folder, 'refs', 'main'), 'utf8').catch(missing);
  return commit !== null && /^[0-9a-f]{40,64}$/.test(commit.trim())
    ? join(folder, 'snapshots', commit.trim())
    : folder;
}

/** `models--owner--name/snapshots/<commit>` is called `name`. */
export function nameOfFolder(path: string): string {
  const repository = repositoryOf(path);
  return repository === null ? basename(path) : (basename(repository).split('--').pop() ?? '');
}

function repositoryOf(path: string): string | null {
  const snapshots = dirname(path);
  const repository = dirname(snapshots);
  return basename(snapshots) === 'snapshots' && basename(repository).startsWith('models--')
    ? repository
    : null;
}

/** @throws AtelierError invalid_model_file */
export async function openFolder(named: string): Promise<HuggingFaceFolder> {
  const path = await realpath(named);
  const refuse = refuserOf(path);
  const inside = repositoryOf(path) ?? path;

  async function find(name: string): Promise<{ path: string; stats: Stats } | null> {
    const real = await realpath(join(path, name)).catch(missing);
    if (real === null) return null;
    if (!real.startsWith(`${inside}${sep}`))
      throw refuse(
        { file: name, field: 'the file', value: real },
        'which lies outside the folder',
        'Name the folder that holds the files, or copy the file into this one.',
      );
    const stats = await stat(real);
    if (!stats.isFile())
      throw refuse({ file: name, field: 'the file', value: 'no plain file' }, 'and one is needed');
    return { path: real, stats };
  }

  async function text(name: SmallFile): Promise<string | null> {
    const found = await find(name);
    if (found === null) return null;
    if (found.stats.size > limits[name])
      throw refuse(
        { file: name, field: 'bytes', value: found.stats.size },
        `more than the ${limits[name]} that such a file may have`,
        'Fetch it again.',
      );
    return readFile(found.path, 'utf8');
  }

  async function json(name: SmallFile): Promise<JsonObject | null> {
    const content = await text(name);
    if (content === null) return null;
    try {
      const value: unknown = JSON.parse(content);
      if (isObject(value)) return value;
    } catch {
      // the sentence below says it
    }
    throw refuse(
      { file: name, field: 'the content', value: content.slice(0, 40) },
      'which is no JSON object',
      'Fetch it again.',
    );
  }

  async function required(name: SmallFile, next: string): Promise<JsonObject> {
    const value = await json(name);
    if (value !== null) return value;
    throw refuse(name, 'which is needed', next);
  }

  async function weights(): Promise<string[]> {
    const whole = await find('model.safetensors');
    if (whole !== null) return [whole.path];
    const index = await json('model.safetensors.index.json');
    if (index === null) {
      const others = (await readdir(path)).filter((name) => /\.(bin|pt|pth|ckpt|h5|msgpack)$/.test(name));
      throw refuse(
        'model.safetensors',
        others.length > 0
          ? `and ${others.slice(0, 3).join(', ')} cannot be read in its place, because it may hold a program`
          : 'which is needed',
        'Save the model as safetensors.',
      );
    }
    const map = isObject(index.weight_map) ? index.weight_map : {};
    const named = new Set(Object.values(map));
    if (named.size > MOST_WEIGHT_FILES)
      throw refuse(
        { file: 'model.safetensors.index.json', field: 'the number of files', value: named.size },
        `more than ${MOST_WEIGHT_FILES}`,
      );
    const files: string[] = [];
    for (const name of named) {
      const stated = { file: 'model.safetensors.index.json', field: 'weight_map', value: name };
      if (typeof name !== 'string' || basename(name) !== name || !/^[\w.-]+\.safetensors$/.test(name))
        throw refuse(stated, 'which is no plain name of a .safetensors file', 'Fetch the file again.');
      const found = await find(name);
      if (found === null) throw refuse(stated, 'and that file is missing', 'Fetch the whole folder.');
      files.push(found.path);
    }
    return files;
  }

  const config = await required('config.json', 'Name the folder that holds config.json.');
  const tokenizer = await required(
    'tokenizer.json',
    'Save the tokenizer in its fast form, which is one file tokenizer.json.',
  );
  const tokenizerConfig = (await json('tokenizer_config.json')) ?? {};
  const templates = templatesOf(tokenizerConfig.chat_template);
  return {
    path,
    name: nameOfFolder(path),
    config,
    tokenizer,
    tokenizerConfig,
    generationConfig: (await json('generation_config.json')) ?? {},
    // A file of its own goes before the field, as in transformers.
    chatTemplate: (await text('chat_template.jinja')) ?? templates.get('default') ?? null,
    toolTemplate:
      (await text('additional_chat_templates/tool_use.jinja')) ?? templates.get('tool_use') ?? null,
    weights: await weights(),
    refuse,
  };
}

/** One text, or a list of named ones. */
function templatesOf(field: unknown): Map<string, string> {
  if (typeof field === 'string') return new Map([['default', field]]);
  const found = new Map<string, string>();
  for (const entry of Array.isArray(field) ? field : []) {
    if (isObject(entry) && typeof entry.name === 'string' && typeof entry.template === 'string')
      found.set(entry.name, entry.template);
  }
  return found;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

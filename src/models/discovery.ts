// What is on this machine already: model files of Ollama, LM Studio and the Hugging Face cache, folders of that cache,
// and endpoints that answer.
// It only reads; nothing is registered by looking.
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Discovery } from '../contracts/catalogue.ts';
import { GgufError, readGgufHeader } from '../lib/gguf.ts';
import { ggufFacts } from '../lib/gguf-facts.ts';
import type { Http } from '../lib/http.ts';
import { cachedFolders } from './sources/hugging-face/cached-folders.ts';
import { isModelName } from './sources/path.ts';

type FoundFile = Discovery['files'][number];
type FoundEndpoint = Discovery['endpoints'][number];

export interface Probe {
  port: number;
  kind: FoundEndpoint['kind'];
  /** The address that lists the models. */
  path: '/api/tags' | '/v1/models';
}

export interface DiscoveryOptions {
  http: Http;
  env: NodeJS.ProcessEnv;
  ownPorts: () => readonly number[];
  home?: string;
  probes?: readonly Probe[];
  /** How long an endpoint may take. Default 500. */
  answerWithinMs?: number;
}

const usualProbes: readonly Probe[] = [
  { port: 11434, kind: 'ollama', path: '/api/tags' },
  { port: 1234, kind: 'lmstudio', path: '/v1/models' },
  { port: 8080, kind: 'openai', path: '/v1/models' },
];
const MOST_FILES = 200;
const DEEPEST = 6;

export function createDiscovery({
  http,
  env,
  ownPorts,
  home = homedir(),
  probes = usualProbes,
  answerWithinMs = 500,
}: DiscoveryOptions): { discover(signal?: AbortSignal): Promise<Discovery> } {
  return {
    async discover(signal) {
      await http.ready();
      const [ollama, studio, hub, folders, endpoints] = await Promise.all([
        ollamaFiles(env.OLLAMA_MODELS ?? join(home, '.ollama', 'models')),
        ggufFiles(
          [join(home, '.lmstudio', 'models'), join(home, '.cache', 'lm-studio', 'models')],
          'lmstudio',
        ),
        ggufFiles([hubCache(env, home)], 'huggingface'),
        cachedFolders(hubCache(env, home)),
        Promise.all(
          probes
            .filter(({ port }) => !ownPorts().includes(port))
            .map((probe) => ask(http, probe, answerWithinMs, signal)),
        ),
      ]);
      const files: FoundFile[] = [];
      for (const file of [...ollama, ...studio, ...hub].slice(0, MOST_FILES)) {
        const described = await describe(file);
        if (described !== null) files.push(described);
      }
      files.push(...folders.map((folder) => ({ ...folder, origin: 'huggingface' as const })));
      return { files, endpoints: endpoints.filter((endpoint) => endpoint !== null) };
    },
  };
}

type Candidate = Pick<FoundFile, 'path' | 'name' | 'origin'>;

function hubCache(env: NodeJS.ProcessEnv, home: string): string {
  return (
    env.HF_HUB_CACHE ??
    join(env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'huggingface'), 'hub')
  );
}

async function describe({ path, name, origin }: Candidate): Promise<FoundFile | null> {
  try {
    const { size } = await stat(path);
    const header = await readGgufHeader(path, { allowCut: true });
    // A projector for images and an adapter are no models by themselves.
    const { architecture } = ggufFacts(header);
    if (architecture === 'clip' || header.metadata.get('general.type') === 'adapter') return null;
    return { path, name, origin, sizeBytes: size, architecture };
  } catch (error) {
    if (error instanceof GgufError) {
      const { size } = await stat(path);
      return { path, name, origin, sizeBytes: size, architecture: null };
    }
    if (isUnreadable(error)) return null;
    throw error;
  }
}

/** `models--owner--name/snapshots/<commit>/file.gguf` and `owner/name/file.gguf`: any .gguf below the folders. */
async function ggufFiles(folders: readonly string[], origin: FoundFile['origin']): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const folder of folders) {
    for await (const path of walk(folder, DEEPEST)) {
      const parts = path.slice(folder.length + 1).split(/[/\\]/);
      const file = parts.at(-1) ?? '';
      if (!isModelName(file) || parts[0] === '.locks' || parts.includes('blobs')) continue;
      found.push({ path, name: file, origin });
    }
  }
  return found;
}

const manifestSchema = z.object({ layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })) });

/** A manifest `manifests/<host>/<namespace>/<name>/<tag>` names the blob that holds the weights. */
async function ollamaFiles(folder: string): Promise<Candidate[]> {
  const found: Candidate[] = [];
  const manifests = join(folder, 'manifests');
  for await (const path of walk(manifests, DEEPEST)) {
    const [, namespace, ...name] = path.slice(manifests.length + 1).split(/[/\\]/);
    const tag = name.pop();
    const manifest = manifestSchema.safeParse(await readManifest(path));
    const layer = manifest.data?.layers.find(
      ({ mediaType }) => mediaType === 'application/vnd.ollama.image.model',
    );
    const digest =
      layer && /^sha256:[0-9a-f]{64}$/.test(layer.digest) ? layer.digest.replace(':', '-') : null;
    if (digest === null || tag === undefined) continue;
    const full = [...(namespace === 'library' ? [] : [namespace]), ...name].join('/');
    found.push({ path: join(folder, 'blobs', digest), name: `${full}:${tag}`, origin: 'ollama' });
  }
  return found;
}

async function readManifest(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || isUnreadable(error)) return null;
    throw error;
  }
}

async function* walk(folder: string, depth: number): AsyncGenerator<string> {
  let entries: Awaited<ReturnType<typeof list>>;
  try {
    entries = await list(folder);
  } catch (error) {
    if (isUnreadable(error)) return;
    throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth > 1) yield* walk(path, depth - 1);
    } else yield path;
  }
}

function list(folder: string) {
  return readdir(folder, { withFileTypes: true });
}

/** Another program's folder may be absent or closed to us, and a link in it may lead nowhere. */
function isUnreadable(error: unknown): boolean {
  const codes = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'EISDIR'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

const tagsSchema = z.object({ models: z.array(z.object({ name: z.string() })) });
const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Null when nothing answers there, or something that lists no models. */
async function ask(
  http: Http,
  { port, kind, path }: Probe,
  withinMs: number,
  signal?: AbortSignal,
): Promise<FoundEndpoint | null> {
  const limit = AbortSignal.timeout(withinMs);
  try {
    const response = await http.request(`http://127.0.0.1:${port}${path}`, {
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    let text = '';
    for await (const chunk of response.body) {
      text += String(chunk);
      if (text.length > 1 << 20) return null;
    }
    if (response.status !== 200) return null;
    const body: unknown = JSON.parse(text);
    const models =
      path === '/api/tags'
        ? tagsSchema.parse(body).models.map(({ name }) => name)
        : modelsSchema.parse(body).data.map(({ id }) => id);
    return { baseUrl: `http://127.0.0.1:${port}/v1`, kind, models };
  } catch {
    // Refused, too slow, or no such wire: in each case nothing that could be offered.
    signal?.throwIfAborted();
    return null;
  }
}

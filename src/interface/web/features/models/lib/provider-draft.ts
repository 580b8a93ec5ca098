// A provider while it is typed: which fields its kind has, what is still missing, and what is sent.
import type {
  Provider,
  ProviderInput,
  ProviderKind,
  ProviderKindInfo,
} from '../../../../../contracts/provider.ts';
import { checkAddress, nameOfAddress } from './address.ts';

/** Names of companies and programs are the same in every language. */
export const kindNames: Record<ProviderKind, string> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google Gemini',
  openrouter: 'OpenRouter',
  mistral: 'Mistral',
  bedrock: 'Amazon Bedrock',
  ollama: 'Ollama',
  'llama-server': 'llama-server',
  'openai-compatible': 'OpenAI-compatible',
};

export interface ProviderDraft {
  kind: ProviderKind;
  name: string;
  address: string;
  key: string;
  dropKey: boolean;
  region: string;
  command: string;
  model: string;
  projector: string;
  /** One a line. */
  arguments: string;
  models: string;
}

export function emptyDraft(kind: ProviderKind): ProviderDraft {
  return {
    kind,
    name: '',
    address: '',
    key: '',
    dropKey: false,
    region: '',
    command: kind === 'llama-server' ? 'llama-server' : '',
    model: '',
    projector: '',
    arguments: '',
    models: '',
  };
}

export function draftOf(provider: Provider): ProviderDraft {
  const { llamaServer } = provider;
  return {
    ...emptyDraft(provider.kind),
    name: provider.name,
    address: llamaServer ? '' : provider.baseUrl,
    region: provider.region ?? '',
    command: llamaServer?.command ?? '',
    model: llamaServer?.model ?? '',
    projector: llamaServer?.projector ?? '',
    arguments: llamaServer?.arguments.join('\n') ?? '',
    models: provider.models
      .filter(({ byHand }) => byHand)
      .map(({ name }) => name)
      .join('\n'),
  };
}

export type DraftFault =
  | 'address_empty'
  | 'address_form'
  | 'address_scheme'
  | 'key'
  | 'region'
  | 'command'
  | 'model';

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export type ReadDraft = { ok: true; input: ProviderInput } | { ok: false; faults: DraftFault[] };

/** `hasKey`: one is kept already. */
export function readDraft(draft: ProviderDraft, info: ProviderKindInfo, hasKey: boolean): ReadDraft {
  const faults: DraftFault[] = [];
  const checked = checkAddress(draft.address);
  const typed = draft.address.trim() !== '';
  if (!info.needsCommand && !checked.ok && (typed || info.baseUrl === null))
    faults.push(`address_${checked.fault}`);
  if (info.needsKey && draft.key.trim() === '' && (!hasKey || draft.dropKey)) faults.push('key');
  if (info.needsRegion && !typed && !/^[a-z0-9-]{2,32}$/.test(draft.region.trim())) faults.push('region');
  if (info.needsCommand && draft.command.trim() === '') faults.push('command');
  if (info.needsCommand && draft.model === '') faults.push('model');
  if (faults.length > 0) return { ok: false, faults };
  const named = draft.name.trim() || (draft.kind === 'openai-compatible' ? nameOfAddress(draft.address) : '');
  return {
    ok: true,
    input: {
      kind: draft.kind,
      name: named || kindNames[draft.kind],
      ...(!info.needsCommand && checked.ok ? { baseUrl: checked.address } : {}),
      ...(draft.key.trim() !== '' ? { apiKey: draft.key.trim() } : draft.dropKey ? { apiKey: null } : {}),
      ...(info.needsRegion ? { region: draft.region.trim() || null } : {}),
      ...(info.needsCommand
        ? {
            llamaServer: {
              command: draft.command.trim(),
              model: draft.model,
              projector: draft.projector.trim() || null,
              arguments: lines(draft.arguments),
            },
          }
        : { models: lines(draft.models) }),
    },
  };
}

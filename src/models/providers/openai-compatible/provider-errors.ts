// What an OpenAI-compatible endpoint did wrong, as an AtelierError with the next step. The upstream's own words are kept,
// without the secrets that it may have echoed; the request, which holds message content, never is.
import { AtelierError, type ErrorCode, isAtelierError } from '../../../contracts/errors.ts';

export interface EndpointFacts {
  /** Id of the configured endpoint. */
  id: string;
  host: string;
  model?: string;
  /** Key and header values that must not appear in any message. */
  secrets: readonly string[];
}

/** The fields of an AI SDK `APICallError` and of a network error that are read here. */
interface Failure {
  name?: string;
  message?: string;
  code?: string;
  statusCode?: number;
  responseHeaders?: Record<string, string>;
  responseBody?: string;
  cause?: unknown;
}

const SHORT = 400;

export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= 4)
    .reduce((out, secret) => out.replaceAll(secret, '[secret]'), text);
}

interface Upstream {
  message: string;
  code: string;
  promptTokens?: number;
  contextLength?: number;
}

/** The error object of any of the shapes that are about: {error: {message}}, {error: "..."}, {message}, {detail}. */
export function readUpstream(body: unknown): Upstream | null {
  if (typeof body !== 'object' || body === null) return null;
  const outer = body as Record<string, unknown>;
  const inner =
    typeof outer.error === 'object' && outer.error !== null
      ? (outer.error as Record<string, unknown>)
      : outer;
  const text = [inner.message, outer.error, outer.message, outer.detail].find(
    (one) => typeof one === 'string',
  );
  if (text === undefined) return null;
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const promptTokens = number(inner.n_prompt_tokens);
  const contextLength = number(inner.n_ctx);
  return {
    message: text as string,
    code: [inner.code, inner.type].filter((one) => typeof one === 'string').join(' '),
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(contextLength === undefined ? {} : { contextLength }),
  };
}

function upstreamOf(failure: Failure): Upstream | null {
  const text = failure.responseBody?.trim();
  if (!text) return null;
  try {
    return readUpstream(JSON.parse(text)) ?? null;
  } catch {
    // A page of HTML says nothing to a person; plain text may.
    return text.startsWith('<') ? null : { message: text, code: '' };
  }
}

const overflow =
  /context_length_exceeded|exceed_context_size|maximum context length|context (length|size|window)|prompt is too long|too many (input )?tokens/i;

/** Seconds until the endpoint may be asked again, from `retry-after` (seconds or a date) or `retry-after-ms`. */
export function retryAfterSeconds(
  headers: Record<string, string> = {},
  now: number = Date.now(),
): number | null {
  const ms = Number(headers['retry-after-ms']);
  if (headers['retry-after-ms'] && Number.isFinite(ms)) return Math.max(0, ms / 1000);
  const value = headers['retry-after'];
  if (!value) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

function causesOf(error: unknown): Failure[] {
  const chain: Failure[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at as Failure);
  return chain;
}

const unreachable: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is unknown',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'it did not answer in time',
  ECONNRESET: 'the connection was closed',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network to it',
  EPIPE: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_SOCKET: 'the connection was closed',
};
const certificate = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/;

export function toProviderError(thrown: unknown, facts: EndpointFacts): AtelierError {
  if (isAtelierError(thrown)) return thrown;
  const { id, host, model } = facts;
  const chain = causesOf(thrown);
  const status = chain.find((one) => one.statusCode !== undefined)?.statusCode;
  const failed = chain.find((one) => one.responseBody !== undefined) ?? (thrown as Failure);
  const upstream = thrown instanceof Error ? upstreamOf(failed) : readUpstream(thrown);
  const words = upstream ? redact(upstream.message, facts.secrets).slice(0, SHORT) : null;
  const said = words ? ` It said: ${words}` : '';
  const data = { provider: id, host, ...(model ? { model } : {}), ...(status ? { status } : {}) };
  const error = (code: ErrorCode, message: string, more: Record<string, unknown> = {}, retryable = false) =>
    new AtelierError(code, message, {
      data: { ...data, ...(words ? { upstream: words } : {}), ...more },
      retryable,
    });

  if (
    upstream &&
    (status === undefined || status < 500) &&
    overflow.test(`${upstream.code} ${upstream.message}`)
  ) {
    const { promptTokens = null, contextLength = null } = upstream;
    return error(
      'context_overflow',
      `The prompt does not fit into the context of ${model ?? 'the model'} at ${host}.${said}`,
      {
        promptTokens,
        contextLength,
      },
    );
  }
  if (status === 401 || status === 403) {
    return error(
      'provider_unauthorized',
      `${host} refused the key of the endpoint “${id}”. Enter another key under Models.${said}`,
    );
  }
  if (status === 429 || /rate_limit/.test(upstream?.code ?? '')) {
    const wait = retryAfterSeconds(failed.responseHeaders);
    const when = wait === null ? 'Try again later' : `Try again in ${Math.ceil(wait)} s`;
    return error(
      'provider_rate_limited',
      `${host} asks to wait. ${when}.${said}`,
      { retryAfterSeconds: wait },
      true,
    );
  }
  if (status === 404 && model) {
    return error(
      'model_not_found',
      `${host} knows no model ${model}, or its address is wrong. Test the endpoint “${id}” under Models.${said}`,
    );
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return error('provider_rejected', `${host} refused the request (${status}).${said}`);
  }
  if (status !== undefined && status >= 500) {
    return error(
      'provider_failed',
      `${host} failed (${status}). Try again, or choose another model.${said}`,
      {},
      true,
    );
  }
  const code = chain.find((one) => one.code !== undefined)?.code ?? '';
  if (certificate.test(code)) {
    return error(
      'provider_unreachable',
      `The certificate of ${host} is not trusted (${code}). If it belongs to your organisation, start Atelier with NODE_EXTRA_CA_CERTS set to its root certificate.`,
      { cause: code },
    );
  }
  // With a status the answer had begun; then it was cut rather than unreachable.
  const reason = status === undefined ? unreachable[code] : undefined;
  if (reason) {
    return error(
      'provider_unreachable',
      `${host} cannot be reached: ${reason}. Check the address of the endpoint “${id}” and whether it runs.`,
      { cause: code },
      true,
    );
  }
  if (status !== undefined || code in unreachable || code === 'UND_ERR_BODY_TIMEOUT') {
    return error(
      'provider_failed',
      `The answer of ${host} was cut off before it was complete. Ask again.`,
      code ? { cause: code } : {},
      true,
    );
  }
  return error(
    'provider_failed',
    `${host} sent something that cannot be read as an answer.${said}`,
    {},
    true,
  );
}

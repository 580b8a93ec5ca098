// What a remote provider did wrong, as an AtelierError with the next step; the error shapes of all of them are read here. The upstream's own words are kept,
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
  /** Of an error event: the event. */
  data?: unknown;
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
  /** The status that the error carries itself, where it came within an answer that had begun well. */
  status?: number;
  promptTokens?: number;
  contextLength?: number;
  waitSeconds?: number;
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const whole = (value: unknown) => (typeof value === 'number' && Number.isInteger(value) ? value : undefined);

/** `[{msg}]`, as frameworks report wrong fields. */
function listedFaults(value: unknown): string | undefined {
  const list = isFields(value) && !Array.isArray(value) ? value.detail : value;
  if (!Array.isArray(list)) return undefined;
  const faults = list.flatMap((one) => (isFields(one) && typeof one.msg === 'string' ? [one.msg] : []));
  return faults.length > 0 ? faults.join('; ') : undefined;
}

/** "prompt is too long: 210000 tokens > 200000 maximum", "input token count (5) exceeds the maximum ... (4)" and such. */
function sizesIn(text: string): { promptTokens?: number; contextLength?: number } {
  const pair =
    /(\d+) tokens? > (\d+)/.exec(text) ??
    /token count \(?(\d+)\)? exceeds the maximum[^(]*\((\d+)\)/.exec(text);
  return pair ? { promptTokens: Number(pair[1]), contextLength: Number(pair[2]) } : {};
}

/** Google says how long to wait in the body: `details: [{retryDelay: "37s"}]`. */
function waitIn(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const one of details) {
    const delay =
      isFields(one) && typeof one.retryDelay === 'string' ? /^([\d.]+)s$/.exec(one.retryDelay) : null;
    if (delay) return Number(delay[1]);
  }
  return undefined;
}

const reasonsIn = (details: unknown): string[] =>
  Array.isArray(details)
    ? details.flatMap((one) => (isFields(one) && typeof one.reason === 'string' ? [one.reason] : []))
    : [];

/** The error object of any of the shapes that are about: {error: {message}}, {error: "..."}, {message}, {detail}. */
export function readUpstream(body: unknown): Upstream | null {
  const outer = Array.isArray(body) ? body[0] : body;
  if (!isFields(outer)) return null;
  // {response: {error}}: a failure within OpenAI's responses.
  const holder = isFields(outer.response) && isFields(outer.response.error) ? outer.response : outer;
  const inner = isFields(holder.error) ? holder.error : holder;
  const text = [
    inner.message,
    holder.error,
    outer.message,
    outer.Message,
    outer.detail,
    listedFaults(inner.message) ?? listedFaults(outer.detail),
  ].find((one): one is string => typeof one === 'string');
  if (text === undefined) return null;
  const status = whole(inner.statusCode) ?? whole(inner.code);
  const sizes = sizesIn(text);
  const promptTokens = whole(inner.n_prompt_tokens) ?? sizes.promptTokens;
  const contextLength = whole(inner.n_ctx) ?? sizes.contextLength;
  const waitSeconds = waitIn(inner.details);
  return {
    message: text,
    code: [inner.code, inner.type, inner.status, ...reasonsIn(inner.details)]
      .filter((one) => typeof one === 'string')
      .join(' '),
    ...(status !== undefined && status >= 400 && status < 600 ? { status } : {}),
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(contextLength === undefined ? {} : { contextLength }),
    ...(waitSeconds === undefined ? {} : { waitSeconds }),
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
  /context_length_exceeded|exceed_context_size|maximum context length|context (length|size|window)|(prompt|input) is too long|too many (input )?tokens|input token count[^.]*exceeds/i;
/** Their names for a key that is none, where the status does not say it. */
const wrongKey = /API_KEY_INVALID|UnrecognizedClient|InvalidSignature|ExpiredToken/i;
const noCredit = /insufficient_quota|insufficient_credits|billing_error/i;
const unknownModel = /model identifier is invalid|model_not_found/i;

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

/** `begun`: the answer had begun, so that a broken connection cut it off. */
export function toProviderError(thrown: unknown, facts: EndpointFacts, begun = false): AtelierError {
  if (isAtelierError(thrown)) return thrown;
  const { id, host, model } = facts;
  const chain = causesOf(thrown);
  const failed = chain.find((one) => one.responseBody !== undefined) ?? (thrown as Failure);
  const upstream =
    thrown instanceof Error
      ? (upstreamOf(failed) ?? readUpstream(chain.find((one) => one.data)?.data))
      : readUpstream(thrown);
  const own = chain.find((one) => one.statusCode !== undefined)?.statusCode;
  // An error event within an answer of status 200 may carry the status that it stands for.
  const status = own === undefined || own < 400 ? (upstream?.status ?? own) : own;
  const named = `${upstream?.code ?? ''} ${failed.responseHeaders?.['x-amzn-errortype'] ?? ''}`;
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
  if (status === 401 || status === 403 || wrongKey.test(named)) {
    return error(
      'provider_unauthorized',
      `${host} refused the key of the endpoint “${id}”. Enter another key under Models.${said}`,
    );
  }
  if (status === 402 || noCredit.test(named)) {
    return error(
      'provider_rejected',
      `${host} has no credit left for the key of the endpoint “${id}”. Add credit there, or choose another model.${said}`,
    );
  }
  if (status === 429 || /rate_limit|throttling/i.test(named)) {
    const wait = retryAfterSeconds(failed.responseHeaders) ?? upstream?.waitSeconds ?? null;
    const when = wait === null ? 'Try again later' : `Try again in ${Math.ceil(wait)} s`;
    return error(
      'provider_rate_limited',
      `${host} asks to wait. ${when}.${said}`,
      { retryAfterSeconds: wait },
      true,
    );
  }
  if (model && (status === 404 || (status === 400 && unknownModel.test(`${named} ${upstream?.message}`)))) {
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
  const reason = status === undefined && !begun ? unreachable[code] : undefined;
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

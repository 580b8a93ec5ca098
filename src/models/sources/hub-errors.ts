// What can go wrong with the hub, in words that say what to do next.
import { AtelierError } from '../../contracts/errors.ts';
import type { ExpectedFile } from './source.ts';

/** Whether the same request may succeed a little later. */
export function mayRetry(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

export function refusal(
  status: number,
  { repo, file, revision }: { repo: string; file: string; revision: string },
  endpoint: string,
): AtelierError {
  const data = { repo, file, revision, endpoint, status };
  if (status === 404) {
    return new AtelierError(
      'not_found',
      `${endpoint} has no file ${file} in ${repo} (${revision}). Check both names.`,
      { data },
    );
  }
  if (status === 401 || status === 403) {
    return new AtelierError(
      'download_failed',
      `${endpoint} does not give ${repo}/${file} away (status ${status}): the repository is private, asks for its terms to be accepted, or a proxy forbids it. Set HF_TOKEN if you have access.`,
      { data },
    );
  }
  return new AtelierError(
    'download_failed',
    `${endpoint} answered with status ${status} for ${repo}/${file}.`,
    { data, retryable: mayRetry(status) },
  );
}

export function unreachable(endpoint: string, why: string, cause: unknown): AtelierError {
  return new AtelierError(
    'source_unavailable',
    `${endpoint} cannot be reached: ${why}. Set HF_ENDPOINT to a mirror, or HTTPS_PROXY to your proxy.`,
    {
      data: { endpoint, unreachable: true },
      cause,
      retryable: true,
    },
  );
}

export function corrupt(
  endpoint: string,
  expected: ExpectedFile,
  sha256: string,
  sizeBytes: number,
): AtelierError {
  return new AtelierError(
    'download_corrupt',
    `The file from ${endpoint} has the sha256 ${sha256} instead of ${expected.sha256}; it was thrown away.`,
    {
      data: { expected: { ...expected }, sha256, sizeBytes },
    },
  );
}

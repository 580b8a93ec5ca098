// Errors as LangServe (FastAPI) words them: `detail` is a list of faults with their place in the body, or one text.
import type { AtelierError } from '../../../contracts/errors.ts';
import { statusOf } from '../../errors.ts';

interface Fault {
  path: string;
  message: string;
}

/** A wrong body is 422 on this wire. */
export function langServeStatus(error: AtelierError): number {
  return error.code === 'invalid_request' ? 422 : statusOf(error);
}

export function langServeErrorBody(error: AtelierError): { detail: unknown } {
  if (error.code !== 'invalid_request') return { detail: error.message };
  const { faults } = error.data;
  const listed: Fault[] =
    Array.isArray(faults) && faults.length > 0 ? (faults as Fault[]) : [{ path: '', message: error.message }];
  return {
    detail: listed.map(({ path, message }) => ({
      loc: ['body', ...('app' in error.data ? ['input'] : []), ...path.split('.').filter(Boolean)],
      msg: message,
      type: 'value_error',
    })),
  };
}

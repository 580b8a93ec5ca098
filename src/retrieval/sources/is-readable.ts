// Whether a file found in a folder or an archive is of a kind that is read at all. A picture among a person's papers is
// left out and told, while a damaged or locked document is taken in and shows its reason.
import { isAtelierError } from '../../contracts/errors.ts';
import { detectKind } from '../parse/detect-kind.ts';

/** The code of the reason why not, or null. */
export async function whyUnreadable(name: string, bytes: Uint8Array): Promise<string | null> {
  try {
    await detectKind(name, bytes);
    return null;
  } catch (error) {
    if (!isAtelierError(error)) throw error;
    return error.code === 'document_unsupported' || error.code === 'document_empty' ? error.code : null;
  }
}

// A web address as a person types it: without its scheme, with spaces around it.

/** null: no address of the web. */
export function webAddress(text: string): string | null {
  const typed = text.trim();
  if (typed === '' || /\s/.test(typed)) return null;
  try {
    const url = new URL(
      /^[a-z][a-z0-9+.-]*:/i.test(typed) && !/^[\w.-]+:\d/.test(typed) ? typed : `https://${typed}`,
    );
    const named = url.hostname.includes('.') || url.hostname === 'localhost' || url.hostname.startsWith('[');
    return (url.protocol === 'https:' || url.protocol === 'http:') && named ? url.href : null;
  } catch {
    return null;
  }
}

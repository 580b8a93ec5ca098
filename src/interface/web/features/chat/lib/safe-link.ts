// Which addresses of an answer a person may open: the web and mail, nothing that runs code or reads the machine.

const openable = new Set(['http:', 'https:', 'mailto:']);

/** The address as it may stand in a link, or null. Relative addresses are none: an answer has no place of its own. */
export function safeHref(address: string | undefined): string | null {
  if (!address) return null;
  try {
    const url = new URL(address);
    return openable.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

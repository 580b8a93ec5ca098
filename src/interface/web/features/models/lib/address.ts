// The address of an endpoint as a person pastes it.

export type CheckedAddress =
  | { ok: true; address: string }
  | { ok: false; fault: 'empty' | 'form' | 'scheme' };

/** Adds a missing scheme for this machine's own hosts, and takes off what people paste after /v1. */
export function checkAddress(text: string): CheckedAddress {
  let pasted = text.trim();
  if (pasted === '') return { ok: false, fault: 'empty' };
  if (/^(localhost|127\.|\[::1\])/.test(pasted)) pasted = `http://${pasted}`;
  else if (/^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(pasted)) pasted = `https://${pasted}`;
  let url: URL;
  try {
    url = new URL(pasted);
  } catch {
    return { ok: false, fault: 'form' };
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { ok: false, fault: 'scheme' };
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|completions|models)$/, '');
  return { ok: true, address: `${url.origin}${path}` };
}

/** A name to start from: the host without its common parts. */
export function nameOfAddress(text: string): string {
  const checked = checkAddress(text);
  if (!checked.ok) return '';
  const { hostname, host } = new URL(checked.address);
  return /^[\d.]+$|^localhost$|^\[/.test(hostname) ? host : hostname.replace(/^(api|www)\./, '');
}

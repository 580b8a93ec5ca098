// An id for what only this page knows. crypto.randomUUID is missing over plain http beyond this machine.

export const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

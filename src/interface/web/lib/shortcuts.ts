// Keys of the whole page: a list, and the rule that none of them fires while a person writes.
export const doorKeys = {
  h: '/',
  c: '/chat',
  p: '/apps',
  k: '/knowledge',
  a: '/agents',
  m: '/models',
  y: '/playground',
  t: '/monitor',
  i: '/improve',
  s: '/settings',
} as const;

export type DoorKey = keyof typeof doorKeys;

/** Whether keys belong to a field just now. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) ||
    target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
  );
}

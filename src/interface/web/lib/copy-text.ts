// Copies a text. Browsers have a clipboard for scripts on https and on this machine only; over plain http from elsewhere
// the older command still works, from within what the person has just clicked.

/** Whether the text is in the clipboard now. */
export async function copyText(text: string): Promise<boolean> {
  // Absent over plain http, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused by the browser: the older command may be allowed.
  }
  return copyByCommand(text);
}

function copyByCommand(text: string): boolean {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.setAttribute('aria-hidden', 'true');
  area.style.cssText = 'position:fixed;top:0;left:0;opacity:0';
  // A dialog and a menu keep the focus inside.
  (focused?.closest('[role="dialog"],[role="menu"]') ?? document.body).append(area);
  // Where they take the focus back all the same, the text goes by the event that the command brings.
  const put = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', put, { capture: true });
  try {
    area.select();
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    document.removeEventListener('copy', put, { capture: true });
    area.remove();
    focused?.focus({ preventScroll: true });
  }
}

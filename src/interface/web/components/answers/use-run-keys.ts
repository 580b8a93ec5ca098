// Ctrl or Command with Enter runs, Esc stops.
import { useEffect } from 'react';

export function useRunKeys({ run, stop }: { run: () => void; stop: () => void }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')
      )
        return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.stopPropagation();
        run();
      } else if (event.key === 'Escape') stop();
    };
    // On the way down: a list that has the focus would take Enter for itself.
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [run, stop]);
}

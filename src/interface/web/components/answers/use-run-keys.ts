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
        run();
      } else if (event.key === 'Escape') stop();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [run, stop]);
}

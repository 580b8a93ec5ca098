// A message that waits until its documents are read. What could not be read stops it, so that the person decides.
import { useEffect, useRef, useState } from 'react';

export interface HeldOptions {
  working: boolean;
  failed: boolean;
  send: () => void;
}

export function useHeld({ working, failed, send }: HeldOptions) {
  const [isHeld, setHeld] = useState(false);
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (!isHeld || working) return;
    setHeld(false);
    if (!failed) latest.current();
  }, [isHeld, working, failed]);
  return {
    isHeld,
    hold: () => setHeld(true),
    cancel: () => setHeld(false),
    sendNow: () => {
      setHeld(false);
      latest.current();
    },
  };
}

// A column that grows at its foot: the view follows while the reader is there, and stays where it is otherwise.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** This near to the foot counts as being there. */
const NEAR = 48;

export interface Follow {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  /** The reader left the foot. */
  away: boolean;
  toFoot: () => void;
}

/** `key` names what is shown: with another, the view starts at its foot. */
export function useFollow(key: string): Follow {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  const [away, setAway] = useState(false);

  const toFoot = useCallback(() => {
    const box = scroller.current;
    following.current = true;
    setAway(false);
    if (box) box.scrollTop = box.scrollHeight;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new key is a new column
  useLayoutEffect(toFoot, [key]);

  useEffect(() => {
    const box = scroller.current;
    const inner = content.current;
    if (!box || !inner) return;
    const onScroll = () => {
      const atFoot = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
      // Growing content never lowers scrollTop: only a reader does.
      if (atFoot) following.current = true;
      else if (box.scrollTop < lastTop.current - 1) following.current = false;
      lastTop.current = box.scrollTop;
      setAway(!following.current);
    };
    // Runs after layout and before paint, so that nothing is seen to jump.
    const observer = new ResizeObserver(() => {
      if (following.current) box.scrollTop = box.scrollHeight;
      lastTop.current = box.scrollTop;
    });
    observer.observe(inner);
    observer.observe(box);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, []);

  return { scroller, content, away, toFoot };
}

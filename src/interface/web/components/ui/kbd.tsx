// A key of the keyboard. `mod` is Command on a Mac and Ctrl elsewhere.
const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);

export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className="inline-flex gap-1 font-sans text-xs text-quiet">
      {keys.split('+').map((key) => (
        <span key={key} className="min-w-5 rounded-sm border border-line bg-sunken px-1 text-center">
          {key === 'mod' ? (isMac ? '⌘' : 'Ctrl') : key}
        </span>
      ))}
    </kbd>
  );
}

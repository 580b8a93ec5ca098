// Who holds a claim: host, process and a word that no other start of the program shares.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

export function newOwner(): string {
  return `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
}

/** True when the holder was a process of this machine that is gone. Of another machine's process only its lease tells. */
export function isDead(holder: string, owner: string): boolean {
  const [host, pid, word] = holder.split('/');
  const [ownHost, ownPid, ownWord] = owner.split('/');
  if (host !== ownHost) return false;
  // In a container every start has the same number.
  if (pid === ownPid) return word !== ownWord;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

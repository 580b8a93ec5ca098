// One trace.
export function TracePage({ traceId }: { traceId: string }) {
  return <p className="p-6">{traceId}</p>;
}

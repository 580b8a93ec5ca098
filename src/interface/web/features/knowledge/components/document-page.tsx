// x
export function DocumentPage() {
  return null;
}

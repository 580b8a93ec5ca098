// x
export function KnowledgePage() {
  return null;
}

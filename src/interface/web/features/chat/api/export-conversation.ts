// A conversation as a file: the browser downloads it under the name that the server gives.

export function exportAddress(id: string, format: 'markdown' | 'json'): string {
  return `/atelier/v1/conversations/${encodeURIComponent(id)}/export?format=${format}`;
}

export function downloadExport(id: string, format: 'markdown' | 'json'): void {
  const link = document.createElement('a');
  link.href = exportAddress(id, format);
  link.download = '';
  link.click();
}

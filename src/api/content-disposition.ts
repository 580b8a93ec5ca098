// The header that names a download, in both forms of RFC 6266: plain ASCII, and the name as it is.
export function contentDisposition(fileName: string, kind: 'attachment' | 'inline' = 'attachment'): string {
  const name = fileName.replace(/[\p{Cc}/\\:*?"<>|]+/gu, ' ').trim() || 'download';
  const ascii =
    name
      .normalize('NFKD')
      .replace(/[^\x20-\x7e]+/g, '')
      .trim()
      .replace(/^\./, 'download.') || 'download';
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

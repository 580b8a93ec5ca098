// An access key of AWS, written into the key field as `ID:SECRET` or `ID:SECRET:SESSION`.
const accessKey = /^([A-Z0-9]{16,32}):([^:]+)(?::(.+))?$/;

/** Null when the key is an API key. */
export function accessKeyOf(apiKey: string | null) {
  const parts = apiKey ? accessKey.exec(apiKey) : null;
  if (!parts?.[1] || !parts[2]) return null;
  return {
    accessKeyId: parts[1],
    secretAccessKey: parts[2],
    ...(parts[3] ? { sessionToken: parts[3] } : {}),
  };
}

// Which of llama.cpp's back ends the installed binaries offer on this machine, for `atelier doctor`.

/** Such as `cpu`, `cuda`. Loads the library, which takes about 150 MB: not for the server. */
export async function engineBackends(): Promise<string[]> {
  const { getLlamaGpuTypes } = await import('node-llama-cpp');
  return (await getLlamaGpuTypes('supported')).map((type) => (type === false ? 'cpu' : type));
}

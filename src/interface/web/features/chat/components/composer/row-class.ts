// How a row of the model list looks, whether it can be chosen or downloaded.
export const rowClass =
  'flex items-start gap-2.5 rounded-sm px-2.5 py-2 text-sm select-none data-[selected=true]:bg-sunken data-[disabled=true]:opacity-60';

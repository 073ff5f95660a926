/**
 * Stands in for Excalidraw's cutting of fonts to the characters used: its WebAssembly runs text as code, which the
 * page's policy forbids. A picture has the font's parts of 10 to 20 KiB whole.
 */

export const Commands = { Subset: "SUBSET" } as const;

export function subsetToBinary(font: ArrayBuffer): Promise<ArrayBuffer> {
  return Promise.resolve(font);
}

export function subsetToBase64(font: ArrayBuffer): Promise<string> {
  return toBase64(font);
}

export function toBase64(font: ArrayBuffer): Promise<string> {
  const bytes = new Uint8Array(font);
  let binary = "";
  // In parts: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8_192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return Promise.resolve(`data:font/woff2;base64,${btoa(binary)}`);
}

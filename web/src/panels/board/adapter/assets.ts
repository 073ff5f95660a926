/** Where Excalidraw finds its fonts: beside the page, on any path. Imported before Excalidraw is. */

declare global {
  interface Window {
    EXCALIDRAW_ASSET_PATH: string | string[] | undefined;
  }
}

window.EXCALIDRAW_ASSET_PATH = new URL("./excalidraw/", document.baseURI).href;

export {};

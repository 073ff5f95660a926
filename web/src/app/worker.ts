/** Registers the service worker and says on the root element when the page can open without any server. */

export function startWorker(): void {
  const root = document.documentElement;
  root.dataset.offlineReady = "no";
  if (import.meta.env.DEV || !("serviceWorker" in navigator)) return;

  // An activated worker has its whole precache: activation comes only after a complete installation.
  const ready = navigator.serviceWorker.ready.then(() => controlled());
  ready.then(
    () => (root.dataset.offlineReady = "yes"),
    () => undefined,
  );
  navigator.serviceWorker.register("./worker.js", { scope: "./" }).catch((error: unknown) => {
    console.warn("The page will not open offline:", error);
  });
}

/** Resolves once this very page is served by the worker, which is what a reload relies on. */
function controlled(): Promise<void> {
  const workers = navigator.serviceWorker;
  if (workers.controller) return Promise.resolve();
  return new Promise((resolve) => {
    workers.addEventListener("controllerchange", () => resolve(), { once: true });
  });
}

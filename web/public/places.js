// Part of the service worker. Within the page are no other places: its files are named relative to it, and links that
// are made in it name it. Whoever asks for one is sent to the page itself, with what stands behind the `#`.
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode !== "navigate") return;
  const page = new URL(registration.scope);
  const { pathname } = new URL(request.url);
  if (pathname === page.pathname || pathname === `${page.pathname}index.html`) return;
  // Pages of the node itself, which share its origin.
  if (/\/(covey\.json|healthz|readyz|metrics)$/.test(pathname)) return;
  // Before what answers every address with the page.
  event.stopImmediatePropagation();
  event.respondWith(
    caches.match(request, { ignoreSearch: true }).then((file) => file ?? Response.redirect(page.href)),
  );
});

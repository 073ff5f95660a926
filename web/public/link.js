// Takes an invitation out of the address before anything is drawn, fetched or remembered of this page; `fragment.ts`
// asks for it. A classic script because modules run only when everything they import is there.
if (location.href.includes("#")) {
  window.coveyFragment = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
}

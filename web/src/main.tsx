/** The page starts here. The fragment is taken first: it holds a secret and must not stay in the address bar. */
import { onFragment, takeFragment } from "./app/fragment";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { Unfetched } from "./shared/fetching";
import { receive, start } from "./app/state";
import { preventBrowserDefaults } from "./app/browserDefaults";
import { startWorker } from "./app/worker";
import "./styles.css";

const fragment = takeFragment();
onFragment((link) => void receive(link, true));

const root = document.getElementById("root");
if (root) {
  createRoot(root, { onCaughtError: report }).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
/** An error that a part of the page said in its own place is none of the page. */
function report(error: unknown): void {
  if (error instanceof Unfetched) console.warn(error.message);
  else console.error(error);
}

void start(fragment);
startWorker();
preventBrowserDefaults();

/** The page starts here. The fragment is taken first: it holds a secret and must not stay in the address bar. */
import { onFragment, takeFragment } from "./fragment";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { receive, start } from "./state/app";
import { stay } from "./staying";
import { startWorker } from "./worker";
import "./styles.css";

const fragment = takeFragment();
onFragment((link) => void receive(link, true));

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
void start(fragment);
startWorker();
stay();

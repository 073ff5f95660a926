/** How the page is built: one static folder that works on any host and on any sub-path. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { emojiData } from "./src/panels/chat/emoji/build.ts";
import { chunkName, excalidraw, WHEN_USED } from "./vite.excalidraw.ts";

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data: blob:",
  "connect-src 'self' ws: wss:",
  "worker-src 'self' blob:",
  "frame-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The policy as a meta tag, for hosts that send no headers; not in development, which needs inline scripts. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
    ],
  };
}

/** Everything is precached, the engine too: the page opens with every server off. */
const offline = VitePWA({
  strategies: "generateSW",
  injectRegister: false,
  filename: "worker.js",
  workbox: {
    globPatterns: ["**/*.{html,js,css,wasm,woff2,svg,webmanifest}"],
    globIgnores: WHEN_USED,
    runtimeCaching: [
      {
        // Thirteen megabytes of Chinese characters: whoever writes some keeps those.
        urlPattern: /\/(excalidraw\/fonts\/Xiaolai|board-languages)\//,
        handler: "CacheFirst",
        options: { cacheName: "board", expiration: { maxEntries: 300 } },
      },
    ],
    maximumFileSizeToCacheInBytes: 64 * 1024 * 1024,
    importScripts: ["places.js"],
    navigateFallback: "index.html",
    // Pages of the node itself, which share its origin.
    navigateFallbackDenylist: [/\/(covey\.json|healthz|readyz|metrics)$/],
    cleanupOutdatedCaches: true,
    clientsClaim: true,
    skipWaiting: true,
    inlineWorkboxRuntime: true,
    sourcemap: false,
  },
  manifest: {
    name: "Covey",
    short_name: "Covey",
    description: "Work together in a browser, with nobody in the middle.",
    start_url: "./",
    scope: "./",
    display: "standalone",
    background_color: "#fafaf8",
    theme_color: "#fafaf8",
    icons: [
      { src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
      { src: "icon-maskable.svg", sizes: "any", type: "image/svg+xml", purpose: "maskable" },
    ],
  },
});

/** In place of Vite's own helper for `import()`: files are fetched before the browser imports them. */
const fetching: Plugin = {
  name: "fetching",
  enforce: "pre",
  apply: "build",
  load: (id) =>
    id === "\0vite/preload-helper.js"
      ? `export { fetching as __vitePreload } from ${JSON.stringify(fileURLToPath(new URL("src/shared/fetching.ts", import.meta.url)))}`
      : undefined,
};

const inWasm = (path: string) => fileURLToPath(new URL(`../wasm/${path}`, import.meta.url));

export default defineConfig({
  base: "./",
  plugins: [fetching, react(), tailwindcss(), emojiData(), excalidraw(), contentSecurityPolicy(), offline],
  resolve: {
    alias: [
      // Another list of panels than the page's own: `examples/panel`.
      { find: "panels", replacement: resolve(process.env.COVEY_PANELS ?? "src/panels/index.ts") },
      // The tests build the page a second time, with a module that skips its own checks.
      { find: /^\.\.\/pkg\//, replacement: inWasm(`${process.env.COVEY_PKG ?? "pkg"}/`) },
    ],
    // The package and panels from elsewhere have no node_modules of their own, and two copies of Yjs would not
    // understand each other.
    dedupe: ["yjs", "y-protocols", "lib0", "react", "react-dom", "lucide-react", "vitest"],
  },
  // With it the editor parses for 100 ms at a stretch while no key is pressed here; without it for 25 to 45.
  // Others' keys and frames, which it can't see, wait for neither.
  define: { "navigator.scheduling": "undefined" },
  test: { dir: "..", include: ["web/src/**/*.test.{ts,tsx}", "wasm/ts/**/*.test.ts"] },
  server: { fs: { allow: [".", "../wasm", "../examples/panel"] } },
  build: {
    target: "es2022",
    // `light-dark()` as written: the polyfilled form doubles the style sheet.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: {
      polyfill: false,
      // The file itself too, where it needs no others.
      resolveDependencies: (file, others, { hostType }) =>
        hostType === "js" && others.length === 0 ? [file] : others,
    },
    rolldownOptions: { output: { chunkFileNames: chunkName } },
    chunkSizeWarningLimit: 700,
  },
});

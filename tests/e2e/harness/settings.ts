/** The settings of `cargo xtask`, with the usual places if vitest is run by hand. */
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

export const settings = {
  chrome: process.env.CHROME ?? "/usr/bin/chromium",
  firefox: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
  node: process.env.COVEY_NODE ?? `${repository}target/debug/covey-node`,
  peer: process.env.COVEY_PEER ?? `${repository}target/debug/covey-peer`,
  site: process.env.COVEY_SITE ?? `${repository}web/dist`,
  misbehavingSite: process.env.COVEY_SITE_MISBEHAVING ?? `${repository}web/dist-misbehave`,
  /** The module with the transport alone. */
  echo: process.env.COVEY_ECHO ?? `${repository}wasm/pkg-echo`,
  /** Where pictures go, also those of failures. */
  shots: process.env.COVEY_SHOTS ?? `${repository}shots`,
};

import { test } from "vitest";
import { FoxCall } from "./harness/call-fox";
import { play } from "./harness/stage";
test("zz", play(async (stage) => {
  const bob = await FoxCall.start("Bob");
  await bob.fox.found(stage.node.origin);
  console.log(await bob.fox.page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio, document.querySelector('[data-switch="call"]')?.outerHTML ?? "none"]));
  await bob.join();
  await bob.fox.page.screenshot({ path: "/tmp/fox.png" });
  await bob.fox.close();
}));

/** Pictures of boards on which there is too much: `cargo xtask shots`. */
import { test } from "vitest";
import { Board } from "./harness/board";
import { ATTACKS } from "./harness/attacks";
import { put, putStrokes, words } from "./harness/elements";
import { Pictures, WIDE } from "./harness/pictures";
import { play, type Stage } from "./harness/stage";

async function views(stage: Stage, dark: boolean): Promise<void> {
  const pictures = new Pictures(dark);
  const alice = stage.person("Alice", { dark, ...WIDE });
  await alice.arrive();
  await alice.createRoom("Lake survey");
  const bob = stage.person("Bob");
  await bob.join(await alice.invite());
  await alice.sees("Bob", "direct");
  const board = await new Board(alice).open();
  await board.draw("rectangle", [320, 240], [480, 360]);
  for (const attack of Object.values(ATTACKS)) await attack(bob);
  await put(bob, "page/main", [["note", words("Where the boats are", { x: 100, y: 100 })]]);
  await board.sees("note");
  await board.region.getByText("as outlines").waitFor();
  await pictures.both(alice, "board-outlines");
  await board.region.getByRole("button", { name: "See which" }).click();
  await board.region.getByText("Shown as an outline").first().waitFor();
  await pictures.both(alice, "board-list-light");
  await putStrokes(bob, 60);
  await board.region.getByText("too much on it").waitFor();
  await pictures.both(alice, "board-list-heavy");
  await board.region.getByRole("button", { name: /^Delete these/ }).click();
  await alice.page.getByRole("alertdialog").waitFor();
  await pictures.both(alice, "board-list-question");
}

for (const dark of [false, true]) {
  test(
    `boards with too much on them, ${dark ? "dark" : "light"}`,
    play((stage) => views(stage, dark)),
    300_000,
  );
}

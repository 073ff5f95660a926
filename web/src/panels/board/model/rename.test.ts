import { expect, test } from "vitest";
import { sample } from "../codec/samples";
import { renamed } from "./rename";

test("copies refer to each other, and to nothing that was not copied", () => {
  let last = 0;
  const originals = [
    sample("box", {
      boundElements: [
        { id: "label", type: "text" },
        { id: "gone", type: "arrow" },
      ],
    }),
    sample("label"),
    sample("elbow"),
  ];
  const [box, label, elbow] = renamed(originals, () => `n${(last += 1)}`);
  expect(box?.id).not.toBe("box");
  expect(box?.boundElements).toEqual([{ id: label?.id, type: "text" }]);
  expect(label?.containerId).toBe(box?.id);
  expect(elbow?.startBinding).toMatchObject({ elementId: box?.id, focus: 0.1 });
  expect(elbow?.endBinding).toBeNull();
  expect(box?.groupIds).toEqual(label?.groupIds);
  expect(box?.groupIds).not.toEqual(originals[0]?.groupIds);
});

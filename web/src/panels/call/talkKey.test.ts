// @vitest-environment jsdom
import { expect, test } from "vitest";
import { placeOf } from "./talkKey";

document.body.innerHTML = `
  <div data-panel="call" id="host">
    <div id="tile" tabindex="-1"><span id="name"></span></div>
    <button id="leave"></button>
    <button id="mute" data-talk><svg id="icon"></svg></button>
    <select id="select"></select>
  </div>
  <div data-panel="board" id="board"><div id="canvas" tabindex="0"></div></div>
  <textarea id="text"></textarea>`;

test.each([
  ["tile", "free"],
  ["name", "free"],
  ["host", "free"],
  ["leave", "button"],
  ["mute", "talk"],
  ["icon", "talk"],
  ["select", "elsewhere"],
  ["board", "free"],
  ["canvas", "elsewhere"],
  ["text", "elsewhere"],
])("a key on the %s is pressed in a place that is %s", (id, place) => {
  expect(placeOf(document.getElementById(id))).toBe(place);
});

test("a key on nothing is free", () => {
  expect(placeOf(document.body)).toBe("free");
  expect(placeOf(null)).toBe("elsewhere");
});

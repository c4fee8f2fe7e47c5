import assert from "node:assert/strict";
import { test } from "node:test";

import { filledShare, fitLines } from "../../../app/web/assets/grid/totals.js";

globalThis.pageTexts = { totals_nearly_all: "> 99%", totals_nearly_none: "< 1%" };

test("a column with one hole is not called filled, nor one with one value empty", () => {
  assert.equal(filledShare(1000, 1000), "100%");
  assert.equal(filledShare(999, 1000), "> 99%");
  assert.equal(filledShare(1, 1000), "< 1%");
  assert.equal(filledShare(0, 1000), "0%");
  assert.equal(filledShare(1, 3), "33%");
  assert.equal(filledShare(0, 0), "");
});

// A line whose number needs this much room; smaller looks leave more of it.
function lineOf(needed) {
  const room = { "total-line": 40, "total-line is-tight": 60, "total-line is-bare": 75 };
  const line = { className: "total-line" };
  line.lastElementChild = {
    scrollWidth: needed,
    get clientWidth() {
      return room[line.className];
    },
  };
  return line;
}

test("a number is shown whole before the type is large and its name stands beside it", () => {
  const lines = [30, 55, 70, 500].map(lineOf);
  fitLines(lines);
  const looks = lines.map(({ className }) => className.replace("total-line", "").trim());
  assert.deepEqual(looks, ["", "is-tight", "is-bare", "is-bare"]);
});

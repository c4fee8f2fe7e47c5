import assert from "node:assert/strict";
import { test } from "node:test";

import { setTexts } from "../../../app/web/assets/common/messages.js";
import { filledShare } from "../../../app/web/assets/grid/totals.js";

setTexts({ totals_nearly_all: "> 99%", totals_nearly_none: "< 1%" });

test("a column with one hole is not called filled, nor one with one value empty", () => {
  assert.equal(filledShare(1000, 1000), "100%");
  assert.equal(filledShare(999, 1000), "> 99%");
  assert.equal(filledShare(1, 1000), "< 1%");
  assert.equal(filledShare(0, 1000), "0%");
  assert.equal(filledShare(1, 3), "33%");
  assert.equal(filledShare(0, 0), "");
});

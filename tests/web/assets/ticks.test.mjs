import assert from "node:assert/strict";
import test from "node:test";

import { tickedText } from "../../../app/web/assets/shell/ticks.js";

test("tells how many boxes are ticked, or that the whole list is", () => {
  globalThis.pageTexts = { ticked: "%(count)s ticked", ticked_all: "all %(count)s" };

  assert.equal(tickedText(0), "0 ticked");
  assert.equal(tickedText(3, undefined), "3 ticked");
  assert.equal(tickedText(3, "251"), "all 251");
});

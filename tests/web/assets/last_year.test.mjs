/** Comparing a cell with what stood there last year. */

import assert from "node:assert/strict";
import test from "node:test";

import { compareCell, percentChange } from "../../../app/web/assets/grid/last_year.js";

globalThis.pageTexts = {
  last_year: "last year: %(value)s",
  last_year_percent: "last year: %(value)s (%(percent)s)",
  last_year_short: "last year %(value)s",
  last_year_empty: "(empty)",
};

const number = { code: "area", type: "number", scale: 2 };
const name = { code: "name", type: "string" };

test("a number tells by how much it has changed", () => {
  assert.equal(percentChange(number, "40.00", "48.00"), "+20%");
  assert.equal(percentChange(number, "48.00", "40.00"), "−16.7%");
});

test("nothing is told by per cent of nothing, of texts or of what is equal", () => {
  assert.equal(percentChange(number, "0", "5"), null);
  assert.equal(percentChange(number, null, "5"), null);
  assert.equal(percentChange(number, "5", "5.00"), null);
  assert.equal(percentChange(name, "1", "2"), null);
});

test("equal values are not changed, however they are written", () => {
  assert.equal(compareCell(number, "5.0", { area: "5.00" }).isChanged, false);
  assert.equal(compareCell(name, "", { name: null }).isChanged, false);
});

test("a changed value is told with last year's", () => {
  const found = compareCell(name, "new", { name: "old" });

  assert.equal(found.isChanged, true);
  assert.equal(found.text, "last year: old");
});

test("a change of next to nothing is told without a per cent", () => {
  const found = compareCell({ code: "year", type: "integer" }, 2020, { year: 2019 });

  assert.equal(found.short, "last year 2019");
  assert.equal(found.text, "last year: 2019");
});

test("where nothing stood there is nothing to compare", () => {
  assert.equal(compareCell(name, "new", null), null);
  assert.equal(compareCell(name, "new", {}), null);
});

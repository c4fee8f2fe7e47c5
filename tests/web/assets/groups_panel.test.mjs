import assert from "node:assert/strict";
import { test } from "node:test";

import {
  firstGrouped,
  groupableFields,
  measuredFields,
  valueText,
} from "../../../app/web/assets/grid/groups_panel.js";

globalThis.pageTexts = { totals_nearly_all: "> 99%", totals_nearly_none: "< 1%" };

const fields = [
  { code: "name", type: "string", sortable: true, masked: false },
  { code: "hours", type: "integer", sortable: true, masked: false },
  { code: "card", type: "string", sortable: false, masked: true },
  { code: "photo", type: "binary", sortable: false, masked: false },
];
const codesOf = (found) => found.map(({ code }) => code);

test("masked columns and those without an order make no groups", () => {
  assert.deepEqual(codesOf(groupableFields(fields)), ["name", "hours"]);
  assert.deepEqual(codesOf(measuredFields(fields, "distinct")), ["name", "hours"]);
  assert.deepEqual(codesOf(measuredFields(fields, "sum")), ["hours"]);
});

test("filled cells are told as a share of the group's rows", () => {
  assert.equal(valueText("filled", { value: 1, rows: 4 }), "25%");
  assert.equal(valueText("sum", { value: "2.50", rows: 4 }), "2.50");
  assert.equal(valueText("average", { value: null, rows: 4 }), "");
});

test("groups begin with a column of few values, and never with the key where there is another", () => {
  const key = { code: "id", type: "integer", sortable: true, key: true };
  const counted = { code: "counter", type: "code", sortable: true, key: false, fixed: true };
  const title = { code: "title", type: "code", sortable: true };
  assert.equal(firstGrouped([key, counted, ...fields, title]).code, "title");
  assert.equal(firstGrouped([key, counted, ...fields]).code, "name");
  assert.equal(firstGrouped([key]).code, "id");
  assert.equal(firstGrouped([]), undefined);
});

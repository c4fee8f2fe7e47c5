import assert from "node:assert/strict";
import { test } from "node:test";

import { checkValue, nearestChoice } from "../../../app/web/assets/grid/checks.js";
import { born, credit, hours, name, opened, title } from "./fields.mjs";

globalThis.pageTexts = {};
const keyOf = (field, value) => checkValue(field, value)?.message ?? null;

test("only required fields complain about nothing", () => {
  assert.equal(keyOf(name, null), "required");
  assert.equal(keyOf(hours, ""), null);
});

test("a number is checked for kind, range and decimals", () => {
  assert.equal(keyOf(hours, 48), null);
  assert.equal(keyOf(hours, "四十八"), "must_be_integer");
  assert.equal(keyOf(hours, 201), "must_be_between");
  assert.equal(keyOf(credit, "60.5"), "must_be_at_most");
  assert.equal(keyOf(credit, "1.25"), "too_many_decimals");
  assert.equal(keyOf(credit, "1.20"), null);
});

test("length is counted in characters, not in UTF-16 halves", () => {
  assert.equal(keyOf(name, "𠮷𠮷𠮷𠮷𠮷"), null);
  assert.equal(keyOf(name, "六个字太长了"), "too_long");
});

test("an unknown code is refused and the nearest label offered", () => {
  assert.equal(keyOf(title, "2"), null);
  assert.equal(keyOf(title, "高级"), "not_in_list");
  assert.equal(keyOf(title, "付教授"), "not_in_list_nearest");
  assert.equal(nearestChoice(title.codes, "付教授"), "副教授");
  const levels = ["校级", "省部级"].map((label) => ({ code: label, label }));
  assert.equal(nearestChoice(levels, "省级"), "省部级");
});

test("dates and months that do not exist are refused", () => {
  assert.equal(keyOf(born, "2023-02-29"), "must_be_date");
  assert.equal(keyOf(born, "2024-02-29"), null);
  assert.equal(keyOf(opened, "2010-13"), "must_be_yearmonth");
});

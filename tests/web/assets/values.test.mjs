import assert from "node:assert/strict";
import { test } from "node:test";

import {
  formatValue,
  isSameValue,
  parseText,
} from "../../../app/web/assets/grid/values.js";
import { born, credit, hours, isCore, name, opened, title } from "./fields.mjs";

test("full-width digits and thousands separators make a number", () => {
  assert.equal(parseText(hours, "１，２３４"), 1234);
  assert.equal(parseText(credit, "1,234.50"), "1234.50");
});

test("a decimal keeps every digit", () => {
  assert.equal(parseText(credit, "12345678901234567.89"), "12345678901234567.89");
});

test("an integer may be written with zero decimals, not with others", () => {
  assert.equal(parseText(hours, "48.0"), 48);
  assert.equal(parseText(hours, "48.5"), "48.5");
});

test("text that is no number stays what was typed", () => {
  assert.equal(parseText(hours, "四十八"), "四十八");
});

test("a code is found by its label or its code", () => {
  assert.equal(parseText(title, "副教授"), "2");
  assert.equal(parseText(title, "3"), "3");
  assert.equal(parseText(title, "高级讲师"), "高级讲师");
});

test("yes and no are understood in the usual ways", () => {
  assert.deepEqual(["是", "√", "1", "Y"].map((text) => parseText(isCore, text)), [true, true, true, true]);
  assert.deepEqual(["否", "0", "no"].map((text) => parseText(isCore, text)), [false, false, false]);
});

test("a date is understood in the usual ways and must exist", () => {
  for (const text of ["1985-3-12", "1985/03/12", "1985.3.12", "19850312", "1985年3月12日"]) {
    assert.equal(parseText(born, text), "1985-03-12");
  }
  assert.equal(parseText(born, "2023/2/29"), "2023/2/29");
});

test("a month is understood with or without a day", () => {
  for (const text of ["2010-9", "201009", "2010年9月", "2010/09/01"]) {
    assert.equal(parseText(opened, text), "2010-09");
  }
});

test("blank text is no value, and line ends in a short text become spaces", () => {
  assert.equal(parseText(name, "  "), null);
  assert.equal(parseText(name, " 汽车\r\n构造 "), "汽车 构造");
});

test("numbers are the same when they mean the same", () => {
  assert.ok(isSameValue(credit, "3.0", "3"));
  assert.ok(isSameValue(credit, "-0.50", "-.5"));
  assert.ok(!isSameValue(credit, "12345678901234567.89", "12345678901234567.88"));
  assert.ok(!isSameValue(name, "01", "1"));
  assert.ok(isSameValue(name, "", null));
});

test("codes and booleans are shown as words, references with their label", () => {
  assert.equal(formatValue(title, "2"), "副教授");
  assert.equal(formatValue(isCore, false), "否");
  assert.equal(formatValue({ type: "reference" }, "T1", "张三"), "T1 张三");
  assert.equal(formatValue(name, null), "");
});

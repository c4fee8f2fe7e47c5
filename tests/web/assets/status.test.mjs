import assert from "node:assert/strict";
import { test } from "node:test";

import { Row, textsOf } from "../../../app/web/assets/grid/row.js";
import { findMarks, summarise, toldMark } from "../../../app/web/assets/grid/status.js";
import { code, credit, fields, hours } from "./fields.mjs";

globalThis.pageTexts = {
  error_count: "%(count)s 处错误",
  warning_count: "%(count)s 处警告",
  clause_separator: "；",
  marks_of_shown: "已显示的行里有 %(counts)s",
};

const sums = [
  { field: "hours", severity: "warning", message: "比上年多" },
  { field: "hours", severity: "error", message: "应等于各年级之和" },
  { field: "hours", severity: "error", message: "应等于各生源之和" },
];

function sheetOf(rows, { length = rows.length } = {}) {
  const store = {
    rows,
    length,
    isCountExact: true,
    query: { q: "", sort: "", filter: "" },
    loadedRows: () => rows,
  };
  return { store, fields, allFields: fields };
}

function judged(findings) {
  const row = new Row({ id: "1", version: "1", values: { code: "A", hours: 95 } });
  row.showFindings(findings, {}, fields, { isStored: true });
  return row;
}

test("a cell that breaks several rules says all of it, errors first", () => {
  const state = judged(sums).cellState(hours);
  assert.equal(state.severity, "error");
  assert.deepEqual(textsOf(state), ["应等于各年级之和", "应等于各生源之和", "比上年多"]);
});

test("one finding at a cell is a plain state, one about the row stands at the key", () => {
  const row = judged([{ field: null, severity: "error", message: "整行不对" }]);
  assert.deepEqual(row.states[code.code], { severity: "error", message: "整行不对" });
});

test("errors and warnings are counted one by one, as the submission counts them", () => {
  assert.equal(summarise(findMarks(sheetOf([judged(sums)]))), "2 处错误；1 处警告");
});

test("with rows still to come the bar says what it counts", () => {
  const counts = summarise(findMarks(sheetOf([judged(sums)], { length: 246 })));
  assert.equal(counts, "已显示的行里有 2 处错误；1 处警告");
});

test("the bar tells of the active cell, else of the first mark", () => {
  const credits = { field: "credit", severity: "error", message: "请填写" };
  const marks = findMarks(sheetOf([judged(sums), judged([credits])]));
  const cell = fields.indexOf(credit) + 1;
  assert.equal(toldMark(marks, { row: 1, cell }).state.message, "请填写");
  assert.equal(toldMark(marks, { row: 7, cell }).state.message, "应等于各年级之和");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { PlaceFindings, withFound } from "../../../app/web/assets/grid/found.js";
import { groupByRule } from "../../../app/web/assets/grid/findings_panel.js";
import { Row, textsOf } from "../../../app/web/assets/grid/row.js";
import { findMarks, nextMark, summarise } from "../../../app/web/assets/grid/status.js";
import { code, fields, hours } from "./fields.mjs";

globalThis.pageTexts = {
  error_count: "%(count)s 处错误",
  warning_count: "%(count)s 处警告",
  clause_separator: "；",
  standing_mark: "【%(state)s】%(message)s",
};

let lastMark = 0;

function finding(more = {}) {
  lastMark += 1;
  return {
    mark: `m${lastMark}`,
    row_id: "1",
    row: 1,
    field: "hours",
    rule: "QR.COURSE.*.01",
    severity: "warning",
    message: "比上年多一倍",
    state: "open",
    state_label: "待处理",
    is_across: true,
    ...more,
  };
}

function rowWith(findings, states = {}) {
  const row = new Row({ id: "1", version: "1", values: { code: "A", hours: 95 }, states });
  const place = new PlaceFindings("code");
  place.take({ findings });
  place.tell(row);
  return { row, place };
}

test("a finding across rows stands at its cell", () => {
  const { row } = rowWith([finding()]);
  const state = row.cellState(hours);
  assert.equal(state.severity, "warning");
  assert.deepEqual(textsOf(state), ["比上年多一倍"]);
});

test("what is about the row stands at the key", () => {
  const { row } = rowWith([finding({ field: null })]);
  assert.equal(row.cellState(code).severity, "warning");
});

test("what the row says itself and the place says again is told once, with its finding", () => {
  const known = { hours: { severity: "error", message: "不能超过 80" } };
  const { row } = rowWith([finding({ severity: "error", message: "不能超过 80", is_across: false })], known);
  const state = row.cellState(hours);
  assert.equal(state.messages.length, 1);
  assert.equal(state.messages[0].finding.rule, "QR.COURSE.*.01");
});

for (const standing of ["explained", "adopted", "waived", "waiting"]) {
  test(`what is ${standing} is no warning any more, and says how it stands`, () => {
    const { row } = rowWith([finding({ state: standing, state_label: "甲" })]);
    const state = row.cellState(hours);
    assert.deepEqual([state.severity, state.standing], ["settled", standing]);
    assert.deepEqual(textsOf(state), ["【甲】比上年多一倍"]);
  });
}

test("an explanation that was rejected leaves the warning open, with a sign of its own", () => {
  const { row } = rowWith([finding({ state: "rejected" })]);
  const state = row.cellState(hours);
  assert.deepEqual([state.severity, state.standing], ["warning", "rejected"]);
});

test("what was said of a value is not said of another one", () => {
  const { row } = rowWith([finding()]);
  row.values.hours = 40;
  assert.equal(row.cellState(hours).severity, "unsaved");
  row.values.hours = 95;
  assert.equal(row.cellState(hours).severity, "warning");
});

test("a change elsewhere in the row leaves alone what looks beyond the row, and no other finding", () => {
  const { row } = rowWith([finding(), finding({ message: "与学分不符", is_across: false })]);
  row.values.credit = "2.0";
  assert.deepEqual(textsOf(row.cellState(hours)), ["比上年多一倍"]);
});

test("after saving, what was said of the old values is forgotten until the next answer", () => {
  const { row, place } = rowWith([finding(), finding({ field: "credit" }), finding({ field: "code", is_across: false })]);
  place.onStored(row, { op: "update", id: "1", values: { hours: 40 } });
  assert.deepEqual(Object.keys(row.found), ["credit"]);
  place.onStored(row, { op: "delete", id: "1", values: {} });
  assert.equal(row.found, null);
  assert.equal(place.all.length, 0);
});

test("an answer names the rows of which something else is said", () => {
  const [one, two] = [finding(), finding({ row_id: "2", row: 2 })];
  const place = new PlaceFindings("code");
  place.take({ findings: [one, two] });
  const changed = place.take({ findings: [one, { ...two, state: "explained" }, finding({ row_id: "3", row: 3 })] });
  assert.deepEqual([...changed].sort(), ["2", "3"]);
});

test("five thousand findings are taken over in one step that nobody notices", () => {
  const many = Array.from({ length: 5000 }, (_, index) => finding({ row_id: String(index), row: index + 1 }));
  const place = new PlaceFindings("code");
  place.take({ findings: many });
  assert.equal(place.take({ findings: many }).size, 0);
  assert.equal(place.all.length, 5000);
});

test("those of the same rule are explained together as far as they wait for it", () => {
  const first = finding();
  const { place } = rowWith([first, finding({ state: "rejected" }), finding({ state: "explained" }), finding({ rule: "QR.COURSE.*.02" })]);
  assert.equal(place.alike(first).length, 2);
});

test("without findings the state of a cell is what it was", () => {
  const state = { severity: "error", message: "请填写" };
  assert.equal(withFound(state, undefined, { isDirty: false, isRowDirty: false }), state);
});

function sheetWith(findings, { loaded = 1, length = 3 } = {}) {
  const { row, place } = rowWith(findings);
  const rows = Array.from({ length });
  rows[0] = row;
  const store = { rows, length, isCountExact: true, query: { q: "", sort: "", filter: "" }, loadedRows: () => rows.filter(Boolean).slice(0, loaded) };
  const unseen = place.all.filter(({ row_id: id, state }) => id !== "1" && state === "open");
  const markOf = (each) =>
    each.row_id && { finding: each, position: each.row - 1, cell: fields.findIndex((field) => field.code === each.field) + 1, state: { severity: each.severity } };
  return { store, fields, allFields: fields, findings: { place, unseen: () => unseen, markOf } };
}

test("the bar counts what is open in the whole table, loaded or not", () => {
  const sheet = sheetWith([
    finding(),
    finding({ field: "credit", state: "explained" }),
    finding({ row_id: "3", row: 3, severity: "error" }),
    finding({ row_id: null, row: null, field: null }),
  ]);
  assert.equal(summarise(findMarks(sheet)), "1 处错误；2 处警告");
});

test("F8 goes through all errors, then through all warnings, then begins anew", () => {
  const far = finding({ row_id: "3", row: 3, severity: "error" });
  const sheet = sheetWith([finding(), far]);
  const cell = fields.indexOf(hours) + 1;
  const first = nextMark(sheet, { row: 0, cell: 1 });
  assert.equal(first.finding, far);
  const second = nextMark(sheet, { row: first.position, cell: first.cell });
  assert.deepEqual([second.position, second.cell], [0, cell]);
  assert.equal(nextMark(sheet, { row: 0, cell }).finding, far);
});

test("rules with open errors are listed first, then open warnings, what waits for nobody last", () => {
  const groups = groupByRule([
    finding({ rule: "settled", state: "adopted" }),
    finding({ rule: "few" }),
    finding({ rule: "many" }),
    finding({ rule: "many" }),
    finding({ rule: "error", severity: "error" }),
  ]);
  assert.deepEqual(groups.map(({ rule }) => rule), ["error", "many", "few", "settled"]);
});

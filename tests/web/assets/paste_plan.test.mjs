import assert from "node:assert/strict";
import { test } from "node:test";

import { changesOf, judge } from "../../../app/web/assets/grid/judgement.js";
import { headedFields, headedKey, planPaste, spreadBlock } from "../../../app/web/assets/grid/paste_plan.js";
import { isLarge } from "../../../app/web/assets/grid/paste_preview.js";
import { Row } from "../../../app/web/assets/grid/row.js";
import { code, fields, hours, name } from "./fields.mjs";

const teacher = { code: "teacher", label: "教师", type: "reference" };
const at = (top, bottom, left = 1, right = 1) => ({ top, bottom, left, right });

function sheetWith(count, shown = fields) {
  const rows = Array.from({ length: count }, (_, index) =>
    new Row({ id: String(index), version: "1", values: { code: `C${index}`, name: "旧" } }),
  );
  const store = { length: count, at: (position) => rows[position], ensure: async () => {} };
  const isEditable = (row, field) => field.editable !== false;
  return { fields: shown, allFields: shown, store, canAdd: true, isEditable };
}

const plan = (sheet, rows, block, lookUp) => planPaste({ sheet, store: sheet.store, block, rows, lookUp });

test("one row goes into every selected row, one column into every selected column", () => {
  assert.deepEqual(spreadBlock([["a", "b"]], at(0, 1)), [["a", "b"], ["a", "b"]]);
  assert.deepEqual(spreadBlock([["a"], ["b"]], at(0, 0, 1, 2)), [["a", "a"], ["b", "b"]]);
});

test("a row of headings puts the columns where it names them", async () => {
  const sheet = sheetWith(2);
  const done = await plan(sheet, [["课程名称", "课程代码*"], ["新", "C9"]], at(1, 1, 3, 3));
  assert.equal(done.isHeaded, true);
  assert.deepEqual(done.edits.map(({ field, value }) => [field.code, value]), [["name", "新"], ["code", "C9"]]);
});

test("columns without a heading are counted, empty ones are none", async () => {
  const rows = [["课程名称", "", "", ""], ["新", "1", "2", ""], ["更新", "", "3", ""]];
  const done = await plan(sheetWith(2), rows, at(0, 0));
  assert.deepEqual([done.columns, done.unnamed], [1, 2]);
  assert.equal(headedKey(done), "pasted_partly_headed");
});

test("a single row, or a text that is no heading, is data", () => {
  assert.equal(headedFields(fields, [["课程名称"]]), null);
  assert.equal(headedFields(fields, [["课程名称", "别的"], ["a", "b"]]), null);
  assert.equal(headedFields(fields, [["课程名称", "课程名称"], ["a", "b"]]), null);
});

test("empty rows at the end of a copied column add none", async () => {
  const done = await plan(sheetWith(2), [["a"], ["b"], [""], [""]], at(1, 1));
  assert.equal(done.added.length, 1);
});

test("cells that cannot be changed are counted, not passed over in silence", async () => {
  const done = await plan(sheetWith(2, [code, { ...name, editable: false }]), [["C0", "新"]], at(0, 0));
  assert.equal(done.closed, 1);
});

test("rows of other tables are named by their key, their name, or both", async () => {
  const lookUp = async () => ({ 张三: "T1", constructor: "T2" });
  const rows = [["张三"], ["T1 张三"], ["T9 张三"], ["T3"], ["toString"]];
  const done = await plan(sheetWith(5, [teacher]), rows, at(0, 0), lookUp);
  assert.deepEqual(done.edits.map(({ value }) => value), ["T1", "T1", "T9 张三", "T3", "toString"]);
});

test("what would be sent is known before any cell is changed", async () => {
  const sheet = sheetWith(1);
  const done = await plan(sheet, [["C0", "新", "x"], ["N1"]], at(0, 0));
  const entries = changesOf(sheet, done);
  assert.deepEqual(entries.map(({ change }) => [change.op, change.values]), [
    ["update", { name: "新", hours: "x" }],
    ["insert", { code: "N1" }],
  ]);
  assert.equal(sheet.store.at(0).values.name, "旧");
});

test("the server judges what changes, and nothing else is asked", async () => {
  const sheet = sheetWith(2);
  const entries = changesOf(sheet, { edits: [
    { row: sheet.store.at(0), field: name, value: "旧" },
    { row: sheet.store.at(1), field: hours, value: 900 },
  ] });
  const asked = [];
  const ask = async (changes) => {
    asked.push(...changes);
    return { results: changes.map(() => ({ outcome: "rejected", findings: [{ field: "hours", message: "太多" }] })) };
  };
  const judged = await judge(entries, ask);
  assert.equal(asked.length, 1);
  assert.deepEqual(judged.map(({ outcome }) => outcome), ["unchanged", "rejected"]);
});

test("a few cells are written at once, more of them and many new rows are shown first", () => {
  const few = { edits: Array(20).fill({}), added: [] };
  assert.equal(isLarge(few), false);
  assert.equal(isLarge({ ...few, edits: Array(21).fill({}) }), true);
  assert.equal(isLarge({ edits: [], added: Array(4).fill({}) }), true);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { endOfNeighbour, fillEdits, fillTarget } from "../../../app/web/assets/grid/fill.js";
import { fillWith } from "../../../app/web/assets/grid/transfer.js";
import { code, hours, name } from "./fields.mjs";

const fields = [code, name, hours];
const block = { top: 1, bottom: 2, left: 1, right: 2 };

function sheetOf(lines) {
  const rows = lines.map(([first, second, third]) => ({
    values: { code: first, name: second, hours: third },
  }));
  return { fields, at: (position) => rows[position], isPlaceholder: () => false, rows };
}

const told = (edits) => edits.map(({ row, field, value }) => [row.values.code, field.code, value]);

test("the drag leads down, up or aside, whichever is farthest; inside the selection nowhere", () => {
  assert.deepEqual(fillTarget(block, { row: 5, cell: 3 }), { ...block, top: 3, bottom: 5, way: "down" });
  assert.deepEqual(fillTarget(block, { row: 0, cell: 2 }), { ...block, top: 0, bottom: 0, way: "up" });
  assert.deepEqual(fillTarget(block, { row: 2, cell: 3 }), { ...block, left: 3, right: 3, way: "right" });
  assert.equal(fillTarget(block, { row: 2, cell: 1 }), null);
});

test("filling down goes on with each column for itself", () => {
  const sheet = sheetOf([["A1", "甲", 1], ["A2", "乙", 3], ["x"], ["y"]]);
  const source = { top: 0, bottom: 1, left: 1, right: 3 };
  const edits = fillEdits(sheet, source, { ...source, top: 2, bottom: 3, way: "down" });
  assert.deepEqual(told(edits).map(([row, field, value]) => [row, field, value]), [
    ["x", "code", "A3"],
    ["y", "code", "A4"],
    ["x", "name", "甲"],
    ["y", "name", "乙"],
    ["x", "hours", 5],
    ["y", "hours", 7],
  ]);
});

test("filling up goes backwards", () => {
  const sheet = sheetOf([["x"], ["A3"], ["A4"]]);
  const source = { top: 1, bottom: 2, left: 1, right: 1 };
  const edits = fillEdits(sheet, source, { ...source, top: 0, bottom: 0, way: "up" });
  assert.deepEqual(told(edits), [["x", "code", "A2"]]);
});

test("filling to the right copies what people read", () => {
  const sheet = sheetOf([["12", "", null]]);
  const source = { top: 0, bottom: 0, left: 1, right: 1 };
  const target = { ...source, left: 2, right: 3, way: "right" };
  const edits = fillEdits(sheet, source, target, { isCopied: true });
  assert.deepEqual(told(edits).map(([, field, value]) => [field, value]), [["name", "12"], ["hours", 12]]);
});

test("a double click reaches to the end of the neighbouring column, over pages not yet loaded", async () => {
  const lines = Array.from({ length: 450 }, (_, index) => ["A", index === 0 ? "头" : "", 1]);
  lines[420] = ["", "", 1];
  const all = sheetOf(lines).rows;
  const rows = all.slice(0, 200);
  const store = {
    length: 450,
    at: (position) => rows[position],
    ensure: async (top, bottom) => {
      for (let position = top; position <= Math.min(bottom, 449); position += 1) rows[position] = all[position];
    },
  };
  const end = await endOfNeighbour({ fields }, store, { top: 0, bottom: 0, left: 2, right: 2 });
  assert.equal(end, 419);
});

test("what is typed goes into all selected cells, read by the field of each", () => {
  const sheet = { ...sheetOf([["A1", "甲", 1], ["A2", "乙", 3]]), setCells: (edits) => edits };
  const typed = { row: sheet.at(0), field: name, value: "７" };
  const edits = fillWith(sheet, { top: 0, bottom: 1, left: 2, right: 3 }, typed);
  assert.deepEqual(told(edits), [
    ["A1", "name", "７"],
    ["A1", "hours", 7],
    ["A2", "name", "７"],
    ["A2", "hours", 7],
  ]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { ChangeQueue } from "../../../app/web/assets/grid/change_queue.js";
import { Deletions } from "../../../app/web/assets/grid/deletion.js";
import { RowStore } from "../../../app/web/assets/grid/row_store.js";
import { Sheet } from "../../../app/web/assets/grid/sheet.js";
import { UndoStack } from "../../../app/web/assets/grid/undo_stack.js";
import { code, fields, name } from "./fields.mjs";

const refusal = { ok: false, findings: [{ severity: "error", message: "仍被引用" }] };
const acceptance = { ok: true, findings: [] };

async function sheetWithRows() {
  const rows = ["A", "B"].map((key) => ({ id: key, version: "1", values: { code: key, name: "旧" } }));
  const fetchPage = async () => ({ rows, next: null, count: { value: 2, exact: true } });
  const queue = new ChangeQueue({ fields });
  const store = new RowStore({ fetchPage });
  const history = new UndoStack();
  const rights = { add: null, edit: null, delete: null };
  const sheet = new Sheet({ spec: { fields, rights }, store, queue, history, onChange: () => {} });
  await store.reload();
  return { sheet, told: [] };
}

function answer(sheet, results) {
  const outcome = sheet.queue.settle(sheet.queue.takeBatch(), results);
  for (const row of outcome.refused) sheet.putBack(row);
}

test("a deletion is told as done when the server has said so, with the rows that went", async () => {
  const { sheet, told } = await sheetWithRows();
  const deletions = new Deletions((count) => told.push(count));
  const rows = [sheet.at(0), sheet.at(1)];
  sheet.deleteRows(rows);
  deletions.add(rows);
  assert.deepEqual(told, []);
  answer(sheet, [acceptance, refusal]);
  deletions.settle();
  deletions.settle();
  assert.deepEqual(told, [1]);
});

test("of a refused deletion nothing is told as done, and the row says why it stayed", async () => {
  const { sheet, told } = await sheetWithRows();
  const deletions = new Deletions((count) => told.push(count));
  const row = sheet.at(1);
  sheet.deleteRows([row]);
  deletions.add([row]);
  answer(sheet, [refusal]);
  deletions.settle();
  assert.deepEqual(told, []);
  assert.equal(sheet.store.positionOf(row), 1);
  assert.equal(row.cellState(code).message, "仍被引用");
});

test("undo holds nothing of a refused deletion and everything of the rest", async () => {
  const { sheet } = await sheetWithRows();
  const [kept, gone] = [sheet.at(0), sheet.at(1)];
  sheet.deleteRows([kept, gone]);
  // The last row is asked for first.
  answer(sheet, [acceptance, refusal]);
  sheet.undo();
  assert.deepEqual([sheet.store.length, sheet.store.positionOf(kept)], [2, 0]);
  assert.equal(sheet.history.canUndo, false);
  assert.deepEqual([kept.isNew, gone.isNew], [false, true]);
});

test("a row whose adding cannot be taken back stays as it is stored", async () => {
  const { sheet } = await sheetWithRows();
  const row = sheet.at(2);
  sheet.setCells([{ row, field: code, value: "C" }, { row, field: name, value: "新" }]);
  answer(sheet, [{ ...acceptance, id: "C", version: "1" }]);
  sheet.undo();
  answer(sheet, [refusal]);
  assert.deepEqual([row.values.code, row.values.name], ["C", "新"]);
  assert.equal(sheet.queue.countUnsaved(), 0);
  assert.equal(sheet.history.canRedo, false);
});

test("rows that the server never had are gone at once", async () => {
  const { sheet, told } = await sheetWithRows();
  const row = sheet.addRow();
  sheet.deleteRows([row]);
  new Deletions((count) => told.push(count)).add([row]);
  assert.deepEqual(told, [1]);
});

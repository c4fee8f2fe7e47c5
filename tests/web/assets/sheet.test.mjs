import assert from "node:assert/strict";
import { test } from "node:test";

import { ChangeQueue } from "../../../app/web/assets/grid/change_queue.js";
import { RowStore } from "../../../app/web/assets/grid/row_store.js";
import { Sheet } from "../../../app/web/assets/grid/sheet.js";
import { parseBlock } from "../../../app/web/assets/grid/clipboard.js";
import { planPaste, spreadBlock } from "../../../app/web/assets/grid/paste_plan.js";
import { fillDown, fillRight, writePlan } from "../../../app/web/assets/grid/transfer.js";
import { UndoStack } from "../../../app/web/assets/grid/undo_stack.js";
import { code, fields, name } from "./fields.mjs";

const allowed = { add: null, edit: null, delete: null };

async function sheetOf(count, rights = allowed) {
  const fetchPage = async ({ offset, limit }) => {
    const end = Math.min(count, offset + limit);
    const rows = Array.from({ length: end - offset }, (_, index) => ({
      id: String(offset + index),
      version: "1",
      values: { code: `C${offset + index}`, name: "旧" },
      states: {},
    }));
    return { rows, next: end < count ? "x" : null, count: { value: count, exact: true } };
  };
  const queue = new ChangeQueue({ fields });
  const store = new RowStore({ fetchPage });
  const history = new UndoStack();
  const sheet = new Sheet({ spec: { fields, rights }, store, queue, history, onChange: () => {} });
  await store.reload();
  return sheet;
}

async function pasteText({ sheet, store, block, text }) {
  const plan = await planPaste({ sheet, store, block, rows: parseBlock(text) });
  const { rows, columns, dropped, outside } = plan;
  return { rows, columns, added: plan.added.length, cells: writePlan(sheet, plan), dropped, outside };
}

const at = (top, bottom, left = 1, right = 1) => ({ top, bottom, left, right });

test("typing into the empty last row adds a row, and undo takes it away", async () => {
  const sheet = await sheetOf(2);
  sheet.setCells([{ row: sheet.at(2), field: code, value: "N" }]);
  assert.equal(sheet.store.length, 3);
  assert.equal(sheet.length, 4);
  sheet.undo();
  assert.equal(sheet.store.length, 2);
  sheet.redo();
  assert.equal(sheet.at(2).values.code, "N");
});

test("without the right to add there is no empty last row", async () => {
  const sheet = await sheetOf(2, { ...allowed, add: "已锁定" });
  assert.equal(sheet.length, 2);
});

test("nothing is to be corrected where no rows are or none may be changed", async () => {
  const readOnly = { add: "不能", edit: "不能", delete: "不能" };
  assert.equal((await sheetOf(2)).isCorrectable, true);
  assert.equal((await sheetOf(0)).isCorrectable, false);
  assert.equal((await sheetOf(2, readOnly)).isCorrectable, false);
});

test("cells cannot be set without the right to edit", async () => {
  const sheet = await sheetOf(2, { ...allowed, edit: "已锁定" });
  assert.equal(sheet.setCells([{ row: sheet.at(0), field: name, value: "新" }]), 0);
  assert.equal(sheet.at(0).values.name, "旧");
});

test("deleted rows come back to their places with one undo", async () => {
  const sheet = await sheetOf(5);
  const order = () => [0, 1, 2, 3, 4].map((position) => sheet.at(position)?.values.code);
  const before = order();
  assert.equal(sheet.deleteRows([sheet.at(3), sheet.at(1)]), 2);
  assert.deepEqual(order().slice(0, 3), ["C0", "C2", "C4"]);
  sheet.undo();
  assert.deepEqual(order(), before);
});

test("undo leaves a cell alone that has been changed since", async () => {
  const sheet = await sheetOf(1);
  sheet.setCells([{ row: sheet.at(0), field: name, value: "新" }]);
  sheet.at(0).values.name = "他的";
  assert.equal(sheet.undo(), 1);
  assert.equal(sheet.at(0).values.name, "他的");
});

test("a paste over the end adds rows and is one undo", async () => {
  const sheet = await sheetOf(2);
  const text = "C1\t甲\r\nN1\t乙\r\nN2\t丙\r\n";
  const done = await pasteText({ sheet, store: sheet.store, block: at(1, 1), text });
  assert.deepEqual(done, { rows: 3, columns: 2, added: 2, cells: 5, dropped: 0, outside: 0 });
  assert.equal(sheet.at(3).values.name, "丙");
  sheet.undo();
  assert.equal(sheet.store.length, 2);
  assert.equal(sheet.at(1).values.name, "旧");
});

test("a paste reaches rows whose page was not loaded", async () => {
  const sheet = await sheetOf(450);
  assert.equal(sheet.at(399), undefined);
  const text = Array(200).fill("新").join("\n");
  const done = await pasteText({ sheet, store: sheet.store, block: at(210, 210, 2, 2), text });
  assert.equal(done.cells, 200);
  assert.equal(sheet.at(409).values.name, "新");
});

test("columns to the right of the table are left out and counted", async () => {
  const sheet = await sheetOf(1);
  const text = "C0\t新\t1\t2\t甲\t乙";
  const done = await pasteText({ sheet, store: sheet.store, block: at(0, 0), text });
  assert.deepEqual([done.columns, done.outside], [4, 2]);
});

test("without the right to add, rows over the end are left out and counted", async () => {
  const sheet = await sheetOf(2, { ...allowed, add: "已锁定" });
  const done = await pasteText({ sheet, store: sheet.store, block: at(1, 1, 2, 2), text: "甲\n乙\n丙" });
  assert.equal(done.dropped, 2);
  assert.equal(sheet.store.length, 2);
});

test("one value fills the selection, a block repeats when it fits", () => {
  assert.deepEqual(spreadBlock([["x"]], at(0, 1, 1, 2)), [["x", "x"], ["x", "x"]]);
  assert.deepEqual(spreadBlock([["a"], ["b"]], at(0, 3)), [["a"], ["b"], ["a"], ["b"]]);
  assert.deepEqual(spreadBlock([["a"], ["b"]], at(0, 2)), [["a"], ["b"]]);
});

test("fill down copies the first selected row", async () => {
  const sheet = await sheetOf(3);
  sheet.setCells([{ row: sheet.at(0), field: name, value: "头" }]);
  assert.equal(fillDown(sheet, at(0, 2, 2, 2)), 2);
  assert.equal(sheet.at(2).values.name, "头");
});

test("taking a refused key back takes its mark along", async () => {
  const sheet = await sheetOf(2);
  const row = sheet.at(1);
  sheet.setCells([{ row, field: name, value: "新" }]);
  sheet.setCells([{ row, field: code, value: "C0" }]);
  const findings = [{ field: null, severity: "error", message: "已存在" }];
  sheet.queue.settle(sheet.queue.takeBatch(), [{ ok: false, conflict: null, findings }]);
  assert.equal(row.states.code.message, "已存在");
  sheet.undo();
  assert.deepEqual(row.states, {});
});

test("what the server said of the stored values comes back with them", async () => {
  const sheet = await sheetOf(1);
  const row = sheet.at(0);
  row.storedStates.name = { severity: "warning", message: "少见" };
  sheet.setCells([{ row, field: name, value: "新" }]);
  sheet.undo();
  assert.equal(row.states.name.message, "少见");
});

test("a name that is read as a key afterwards is one command with its typing", async () => {
  const sheet = await sheetOf(2);
  const row = sheet.at(0);

  sheet.setCells([{ row, field: name, value: "名称" }]);
  sheet.amend(row, name, "名称", "K1");
  assert.equal(row.values.name, "K1");
  sheet.undo();
  assert.equal(row.values.name, "旧");
  sheet.redo();
  assert.equal(row.values.name, "K1");
  sheet.amend(row, name, "别的", "K2");
  assert.equal(row.values.name, "K1");
});

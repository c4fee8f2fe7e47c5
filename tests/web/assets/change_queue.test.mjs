import assert from "node:assert/strict";
import { test } from "node:test";

import { ChangeQueue } from "../../../app/web/assets/grid/change_queue.js";
import { Row } from "../../../app/web/assets/grid/row.js";
import { code, credit, fields, hours, name } from "./fields.mjs";

const stored = () =>
  new Row({ id: "7", version: "1", values: { code: "A", name: "旧", hours: 10, credit: "1.0" } });

function queueWith(row, values) {
  const queue = new ChangeQueue({ fields });
  Object.assign(row.values, values);
  queue.touch(row);
  return queue;
}

const answer = (result) => [{ ok: true, findings: [], conflict: null, ...result }];

test("only the changed fields are sent, with the version that was seen", () => {
  const { changes } = queueWith(stored(), { name: "新", credit: "1" }).takeBatch();
  assert.deepEqual(changes, [{ op: "update", id: "7", version: "1", values: { name: "新" } }]);
});

test("a change that was taken back needs no saving", () => {
  const row = stored();
  const queue = queueWith(row, { name: "新" });
  row.values.name = "旧";
  assert.equal(queue.takeBatch(), null);
  assert.equal(queue.countUnsaved(), 0);
});

test("a new row waits until its key is there", () => {
  const row = new Row();
  const queue = queueWith(row, { name: "新" });
  assert.equal(queue.takeBatch(), null);
  row.values.code = "B";
  assert.equal(queue.takeBatch().changes[0].op, "insert");
});

test("what is typed while a batch is under way survives its answer", () => {
  const row = stored();
  const queue = queueWith(row, { name: "一" });
  const batch = queue.takeBatch();
  row.values.name = "二";
  queue.settle(batch, answer({ id: "7", version: "2", values: { name: "一" } }));
  assert.equal(row.values.name, "二");
  assert.deepEqual(queue.takeBatch().changes[0], { op: "update", id: "7", version: "2", values: { name: "二" } });
});

test("the server's form of a value replaces what was typed", () => {
  const row = stored();
  const queue = queueWith(row, { credit: "2.50" });
  queue.settle(queue.takeBatch(), answer({ version: "2", values: { credit: "2.5" } }));
  assert.equal(row.values.credit, "2.5");
  assert.equal(queue.countUnsaved(), 0);
});

test("a refused row keeps its text and its message and is not sent again by itself", () => {
  const row = stored();
  const queue = queueWith(row, { hours: "四十八" });
  const findings = [{ field: "hours", rule: "type", severity: "error", message: "应为整数" }];
  const { refused } = queue.settle(queue.takeBatch(), answer({ ok: false, findings }));
  assert.deepEqual(refused, [row]);
  assert.equal(row.cellState(hours).message, "应为整数");
  assert.equal(row.values.hours, "四十八");
  assert.equal(queue.takeBatch(), null);
  row.values.hours = 48;
  queue.touch(row);
  assert.deepEqual(queue.takeBatch().changes[0].values, { hours: 48 });
});

test("a row deleted while its insertion is under way is deleted afterwards", () => {
  const row = new Row();
  const queue = queueWith(row, { code: "B" });
  const batch = queue.takeBatch();
  row.isDeleted = true;
  queue.countUnsaved();
  queue.settle(batch, answer({ id: "9", version: "1", values: { code: "B" } }));
  assert.deepEqual(queue.takeBatch().changes, [{ op: "delete", id: "9", version: "1", values: {} }]);
});

test("undoing a saved deletion inserts the row again", () => {
  const row = stored();
  const queue = queueWith(row, {});
  row.isDeleted = true;
  queue.settle(queue.takeBatch(), answer({ id: "7" }));
  row.isDeleted = false;
  queue.touch(row);
  const [change] = queue.takeBatch().changes;
  assert.equal(change.op, "insert");
  assert.deepEqual(change.values, { code: "A", name: "旧", hours: 10, credit: "1.0" });
});

test("deletions go first, because they free keys", () => {
  const gone = stored();
  const fresh = new Row();
  const queue = queueWith(fresh, { code: "A" });
  gone.isDeleted = true;
  queue.touch(gone);
  assert.deepEqual(queue.takeBatch().changes.map(({ op }) => op), ["delete", "insert"]);
});

function conflicted() {
  const row = stored();
  const queue = queueWith(row, { hours: 48 });
  const conflict = { hours: { mine: 48, theirs: 64 } };
  const values = { code: "A", name: "他的", hours: 64, credit: "1.0" };
  queue.settle(queue.takeBatch(), answer({ ok: false, version: "5", values, conflict }));
  return { row, queue };
}

test("a conflict waits for a decision", () => {
  const { row, queue } = conflicted();
  assert.equal(row.cellState(hours).severity, "conflict");
  assert.equal(queue.takeBatch(), null);
  assert.equal(queue.countUnsaved(), 1);
});

test("keeping mine saves it over theirs and takes their other fields", () => {
  const { row, queue } = conflicted();
  queue.resolve(row, true);
  assert.equal(row.values.name, "他的");
  const [change] = queue.takeBatch().changes;
  assert.deepEqual(change, { op: "update", id: "7", version: "5", values: { hours: 48 } });
});

test("taking theirs leaves nothing to save", () => {
  const { row, queue } = conflicted();
  queue.resolve(row, false);
  assert.equal(row.values.hours, 64);
  assert.equal(queue.countUnsaved(), 0);
});

test("a missing required value is shown after saving, not refused", () => {
  const row = stored();
  const queue = queueWith(row, { name: null });
  const findings = [{ field: "name", rule: "required", severity: "error", message: "请填写" }];
  queue.settle(queue.takeBatch(), answer({ version: "2", values: { name: null }, findings }));
  assert.equal(row.cellState(name).message, "请填写");
  assert.equal(row.cellState(code), null);
  assert.equal(row.cellState(credit), null);
});

test("a row that an undo brings back asks for its old id", () => {
  const row = stored();
  const queue = queueWith(row, {});
  row.isDeleted = true;
  queue.touch(row);
  queue.settle(queue.takeBatch(), answer({ id: "7" }));
  row.isDeleted = false;
  queue.touch(row);
  const { changes } = queue.takeBatch();
  assert.deepEqual([changes[0].op, changes[0].restores], ["insert", "7"]);
});

test("mine may stay in one cell and theirs in another", () => {
  const row = stored();
  const queue = queueWith(row, { hours: 48, name: "我的" });
  const conflict = { hours: { mine: 48, theirs: 64 }, name: { mine: "我的", theirs: "他的" } };
  const values = { code: "A", name: "他的", hours: 64, credit: "1.0" };
  queue.settle(queue.takeBatch(), answer({ ok: false, version: "5", values, conflict }));
  queue.resolve(row, { hours: true, name: false });
  assert.equal(row.values.name, "他的");
  assert.deepEqual(queue.takeBatch().changes[0].values, { hours: 48 });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { ChangeQueue } from "../../../app/web/assets/grid/change_queue.js";
import {
  draftKey,
  readDrafts,
  restoreDrafts,
  storeDrafts,
} from "../../../app/web/assets/grid/local_drafts.js";
import { Row } from "../../../app/web/assets/grid/row.js";
import { RowStore } from "../../../app/web/assets/grid/row_store.js";
import { fields } from "./fields.mjs";

function memory() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => kept.set(key, text),
    removeItem: (key) => kept.delete(key),
  };
}

const stored = () => ({ id: "1", version: "1", values: { code: "A", name: "旧" } });
const now = new Date("2026-03-01T10:00:00Z");

async function pageWith(rows) {
  const queue = new ChangeQueue({ fields });
  const store = new RowStore({ fetchPage: async () => ({ rows, next: null, count: { value: rows.length, exact: true } }) });
  await store.reload();
  return { queue, store, sheet: { onChange: () => {} } };
}

test("unsaved changes come back after the page was closed", async () => {
  const storage = memory();
  const first = await pageWith([stored()]);
  first.store.at(0).values.name = "新";
  const added = new Row();
  added.values.code = "B";
  first.queue.touch(first.store.at(0));
  first.queue.touch(added);
  storeDrafts(storage, "k", first.queue, { now });
  const second = await pageWith([stored()]);
  assert.equal(restoreDrafts(readDrafts(storage, "k"), second), 2);
  assert.deepEqual(second.queue.takeBatch().changes.map(({ op, values }) => [op, values]), [
    ["update", { name: "新" }],
    ["insert", { code: "B" }],
  ]);
});

test("the old version goes with a restored change, so others' changes are not overwritten", async () => {
  const storage = memory();
  const first = await pageWith([stored()]);
  first.store.at(0).values.name = "新";
  first.queue.touch(first.store.at(0));
  storeDrafts(storage, "k", first.queue, { now });
  const second = await pageWith([{ ...stored(), version: "2", values: { code: "A", name: "他的" } }]);
  restoreDrafts(readDrafts(storage, "k"), second);
  assert.equal(second.queue.takeBatch().changes[0].version, "1");
});

test("a change to a row that is not loaded is held and saved all the same", async () => {
  const storage = memory();
  const first = await pageWith([stored()]);
  first.store.at(0).values.name = "新";
  first.queue.touch(first.store.at(0));
  storeDrafts(storage, "k", first.queue, { now });
  const second = await pageWith([]);
  restoreDrafts(readDrafts(storage, "k"), second);
  assert.deepEqual(second.queue.takeBatch().changes[0].values, { name: "新" });
});

test("nothing unsaved leaves nothing behind, and broken drafts are no drafts", async () => {
  const storage = memory();
  storage.setItem("k", "{broken");
  assert.equal(readDrafts(storage, "k"), null);
  const { queue } = await pageWith([stored()]);
  storeDrafts(storage, "k", queue, { now });
  assert.equal(storage.getItem("k"), null);
});

test("drafts belong to one person, table, period and department", () => {
  const scope = { user: "a", table: "course", period: "2025-2026", department: "A03" };
  assert.notEqual(draftKey(scope), draftKey({ ...scope, user: "b" }));
  assert.notEqual(draftKey(scope), draftKey({ ...scope, department: "A04" }));
});

test("drafts that wait for an answer outlive newer changes", async () => {
  const storage = memory();
  const waiting = {
    savedAt: now.toISOString(),
    rows: [
      { op: "update", id: "1", version: "1", values: { name: "早" }, base: stored().values },
      { op: "insert", values: { code: "B" }, base: null },
    ],
  };
  const page = await pageWith([stored()]);
  storeDrafts(storage, "k", page.queue, { now, waiting });
  assert.equal(readDrafts(storage, "k").rows.length, 2);
  page.store.at(0).values.name = "晚";
  page.queue.touch(page.store.at(0));
  storeDrafts(storage, "k", page.queue, { now, waiting });
  assert.deepEqual(
    readDrafts(storage, "k").rows.map(({ values }) => values),
    [{ name: "晚" }, { code: "B" }],
  );
});

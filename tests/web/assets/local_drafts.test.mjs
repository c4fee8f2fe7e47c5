import assert from "node:assert/strict";
import { test } from "node:test";

import { ChangeQueue } from "../../../app/web/assets/grid/change_queue.js";
import { DraftStorage, draftKey, mostInStorage } from "../../../app/web/assets/common/draft_storage.js";
import { packDrafts, restoreDrafts, withoutSaved, withWaiting } from "../../../app/web/assets/grid/local_drafts.js";
import { Row } from "../../../app/web/assets/grid/row.js";
import { RowStore } from "../../../app/web/assets/grid/row_store.js";
import { fields } from "./fields.mjs";

function memory() {
  const kept = new Map();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index],
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => kept.set(key, text),
    removeItem: (key) => kept.delete(key),
  };
}

/** Stands for IndexedDB, which node has not. */
function database() {
  const kept = new Map();
  return {
    kept,
    put: async (key, packed) => kept.set(key, packed),
    get: async (key) => kept.get(key),
    remove: async (key) => kept.delete(key),
  };
}

const storeDrafts = (storage, key, queue, { now: at, waiting }) =>
  new DraftStorage(storage, database()).write(key, withWaiting(packDrafts(queue, at), waiting));
const readDrafts = (storage, key) => new DraftStorage(storage, database()).read(key);

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
  await storeDrafts(storage, "k", first.queue, { now });
  const second = await pageWith([stored()]);
  assert.equal(restoreDrafts(await readDrafts(storage, "k"), second), 2);
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
  await storeDrafts(storage, "k", first.queue, { now });
  const second = await pageWith([{ ...stored(), version: "2", values: { code: "A", name: "他的" } }]);
  restoreDrafts(await readDrafts(storage, "k"), second);
  assert.equal(second.queue.takeBatch().changes[0].version, "1");
});

test("a change to a row that is not loaded is held and saved all the same", async () => {
  const storage = memory();
  const first = await pageWith([stored()]);
  first.store.at(0).values.name = "新";
  first.queue.touch(first.store.at(0));
  await storeDrafts(storage, "k", first.queue, { now });
  const second = await pageWith([]);
  restoreDrafts(await readDrafts(storage, "k"), second);
  assert.deepEqual(second.queue.takeBatch().changes[0].values, { name: "新" });
});

test("nothing unsaved leaves nothing behind, and broken drafts are no drafts", async () => {
  const storage = memory();
  storage.setItem("k", "{broken");
  assert.equal(await readDrafts(storage, "k"), null);
  const { queue } = await pageWith([stored()]);
  await storeDrafts(storage, "k", queue, { now });
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
  await storeDrafts(storage, "k", page.queue, { now, waiting });
  assert.equal((await readDrafts(storage, "k")).rows.length, 2);
  page.store.at(0).values.name = "晚";
  page.queue.touch(page.store.at(0));
  await storeDrafts(storage, "k", page.queue, { now, waiting });
  assert.deepEqual(
    (await readDrafts(storage, "k")).rows.map(({ values }) => values),
    [{ name: "晚" }, { code: "B" }],
  );
});

const large = (count) => ({
  savedAt: now.toISOString(),
  rows: Array.from({ length: count }, (_, index) => ({ id: String(index), values: { name: "字".repeat(200) } })),
});

test("what has no room in the small storage goes to the large one, and back", async () => {
  const storage = memory();
  const rows = database();
  const drafts = new DraftStorage(storage, rows);
  const key = draftKey({ user: "a", table: "course", period: "2025", department: "A03" });
  assert.equal(await drafts.write(key, large(6000)), true);
  assert.ok(storage.getItem(key).length < mostInStorage);
  assert.equal((await drafts.read(key)).rows.length, 6000);
  assert.equal(drafts.countRows("a"), 6000);
  await drafts.write(key, large(1));
  assert.equal(rows.kept.size, 0);
  assert.equal((await drafts.read(key)).rows.length, 1);
});

test("logging out forgets one person's drafts and nobody else's", async () => {
  const storage = memory();
  const drafts = new DraftStorage(storage, database());
  const scope = { table: "course", period: "2025", department: "A03" };
  await drafts.write(draftKey({ user: "a", ...scope }), large(6000));
  await drafts.write(draftKey({ user: "ab", ...scope }), large(2));
  await drafts.forget("a");
  assert.deepEqual([drafts.countRows("a"), drafts.countRows("ab")], [0, 2]);
});

test("storage that is full is told, and stops nobody", async () => {
  const full = { ...memory(), setItem: () => { throw new Error("full"); } };
  assert.equal(await new DraftStorage(full, database()).write("k", large(1)), false);
});

test("a cell that is saved otherwise is no longer offered", () => {
  const waiting = {
    savedAt: "x",
    rows: [
      { op: "update", id: "1", version: "1", values: { hours: "三", name: "新" } },
      { op: "insert", id: "new:1", version: null, values: { code: "B" } },
    ],
  };
  const saves = (id, values, op = "update") => ({ row: { id, values }, change: { op, id, values } });

  const [first, second] = withoutSaved(waiting, [saves("1", { hours: 3 })], fields).rows;
  assert.deepEqual([first.values, second.values], [{ name: "新" }, { code: "B" }]);
  assert.equal(withoutSaved(waiting, [saves("7", { hours: 3 })], fields).rows.length, 2);
  const both = [saves("1", {}, "delete"), saves("9", { code: "B", name: "乙" }, "insert")];
  assert.equal(withoutSaved(waiting, both, fields), null);
});

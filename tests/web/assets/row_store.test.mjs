import assert from "node:assert/strict";
import { test } from "node:test";

import { Row } from "../../../app/web/assets/grid/row.js";
import { RowStore } from "../../../app/web/assets/grid/row_store.js";

function storeOver(table, asked = []) {
  const fetchPage = async ({ offset, limit }) => {
    asked.push(offset);
    const rows = table
      .slice(offset, offset + limit)
      .map((id) => ({ id, version: "1", values: {}, states: {} }));
    const next = offset + limit < table.length ? "x" : null;
    return { rows, next, count: { value: table.length, exact: true } };
  };
  return new RowStore({ fetchPage, pageSize: 3 });
}

const idsOf = (store) => Array.from(store.rows, (row) => row?.id ?? null);

test("pages come when they are looked at, each once", async () => {
  const asked = [];
  const store = storeOver(["a", "b", "c", "d", "e", "f", "g"], asked);
  await store.reload();
  assert.equal(store.length, 7);
  await Promise.all([store.ensure(4, 5), store.ensure(3, 4)]);
  await store.ensure(0, 5);
  assert.deepEqual(asked, [0, 3]);
  assert.equal(store.at(4).id, "e");
  assert.equal(store.at(6), undefined);
});

test("a page beside one that is here is asked for by its mark, any other by its number", async () => {
  const table = Array.from({ length: 15 }, (_, index) => `r${index}`);
  const asked = [];
  const fetchPage = async ({ offset, after, limit }) => {
    asked.push([offset, after ?? null]);
    const rows = table.slice(offset, offset + limit).map((id) => ({ id, version: "1", values: {} }));
    const next = offset + limit < table.length ? `after ${rows.at(-1).id}` : null;
    const previous = offset > 0 ? `before ${rows[0].id}` : null;
    return { rows, next, previous, count: { value: table.length, exact: true } };
  };
  const store = new RowStore({ fetchPage, pageSize: 3 });
  await store.reload();
  await store.ensure(3, 5);
  await store.ensure(12, 14);
  await store.ensure(9, 11);
  store.remove(store.at(1));
  await store.ensure(6, 7);
  assert.deepEqual(asked, [
    [0, null],
    [3, "after r2"],
    [12, null],
    [9, "before r12"],
    [6, null],
  ]);
});

test("a row that was added here and saved stands once when its page comes", async () => {
  const table = ["a", "b", "c", "d"];
  const store = storeOver(table);
  await store.reload();
  const added = new Row({ id: "e", version: "1", values: {} });
  store.insert(4, added);
  table.push("e");
  await store.ensure(3, 4);
  assert.deepEqual(idsOf(store), ["a", "b", "c", "d", "e"]);
  assert.equal(store.at(4), added);
});

test("a row added here is pushed back, not lost, when more rows than told arrive", async () => {
  const table = ["a", "b", "c", "d"];
  const store = storeOver(table);
  await store.reload();
  store.insert(4, new Row());
  table.push("e");
  await store.ensure(3, 3);
  assert.deepEqual(idsOf(store).slice(0, 5), ["a", "b", "c", "d", "e"]);
  assert.equal(store.length, 6);
  assert.ok(store.at(5).isNew);
});

test("places of rows that others have deleted close up", async () => {
  const table = ["a", "b", "c", "d", "e", "f"];
  const store = storeOver(table);
  await store.reload();
  table.splice(4, 2);
  await store.ensure(3, 5);
  assert.deepEqual(idsOf(store), ["a", "b", "c", "d"]);
});

test("an answer to an earlier search is dropped", async () => {
  let answerFirst;
  const fetchPage = ({ q }) =>
    q === "slow"
      ? new Promise((resolve) => {
          answerFirst = () => resolve({ rows: [{ id: "old", values: {} }], next: null, count: {} });
        })
      : Promise.resolve({ rows: [{ id: "new", values: {} }], next: null, count: {} });
  const store = new RowStore({ fetchPage });
  const first = store.reload({ q: "slow", sort: "" });
  await Promise.resolve();
  await store.reload({ q: "fast", sort: "" });
  answerFirst();
  await first;
  assert.deepEqual(idsOf(store), ["new"]);
});

test("a held row with unsaved edits takes its place when its page comes", async () => {
  const store = storeOver(["a", "b", "c", "d"]);
  await store.reload();
  const held = new Row({ id: "d", version: "1", values: { name: "旧" } });
  held.values.name = "新";
  store.adopt(held);
  await store.ensure(3, 3);
  assert.equal(store.at(3), held);
});

test("rows beyond the first page are counted apart, and the list grows when the answer comes", async () => {
  const fetchPage = async () => ({
    rows: ["a", "b", "c"].map((id) => ({ id, version: "1", values: {}, states: {} })),
    next: "x",
    count: { value: 4, exact: false },
  });
  const fetchCount = async () => ({ count: { value: 1000000, exact: true } });
  let told = 0;
  const onCounted = () => (told += 1);
  const store = new RowStore({ fetchPage, fetchCount, onCounted, pageSize: 3 });
  await store.reload();
  await store.counting;
  assert.deepEqual([store.length, store.isCountExact, told], [1000000, true, 1]);
});

test("rows that cannot be had leave those that are shown", async () => {
  const store = storeOver(["a", "b"]);
  await store.reload();
  const { fetchPage, query } = store;
  store.fetchPage = () => Promise.reject(new Error("refused"));
  await assert.rejects(store.reload({ q: "", sort: "", filter: "nonsense" }));
  assert.deepEqual(idsOf(store), ["a", "b"]);
  assert.equal(store.query, query);
  store.fetchPage = fetchPage;
  await store.reload();
  assert.deepEqual(idsOf(store), ["a", "b"]);
});

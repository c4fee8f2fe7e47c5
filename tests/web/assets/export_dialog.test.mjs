import assert from "node:assert/strict";
import { test } from "node:test";

import { fileOf, jobOf, keepChoice, readChoice, rowParameters } from "../../../app/web/assets/grid/export_dialog.js";

const query = { q: "数学", sort: "-credit", filter: '["credit",">",1]' };
const shown = ["name", "credit"];

function storageWith(text) {
  const kept = new Map([["statedata:export", text]]);
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

test("what is shown is exported with its filter and its columns in their order", () => {
  const choice = { rows: "shown", columns: "shown", values: "labels", kind: "xlsx" };
  assert.deepEqual(fileOf(choice, query, shown), [".xlsx", { ...query, columns: "name,credit" }]);
});

test("everything is exported without a filter, as codes and for older programs", () => {
  const choice = { rows: "whole", columns: "all", values: "codes", kind: "csv_gb18030", identifiers: true };
  const parameters = { whole: 1, codes: 1, identifiers: 1, encoding: "gb18030" };
  assert.deepEqual(fileOf(choice, query, shown), [".csv", parameters]);
  assert.deepEqual(rowParameters({ rows: "place" }, query), {});
});

test("a purpose goes along with unmasked values only", () => {
  const choice = { rows: "place", columns: "all", kind: "xlsx", unmasked: true, purpose: " 核对 " };
  assert.deepEqual(fileOf(choice, query, shown)[1], { unmasked: 1, purpose: "核对" });
  assert.deepEqual(fileOf({ ...choice, unmasked: false }, query, shown)[1], {});
});

test("a choice is remembered, but never that values leave unmasked", () => {
  const storage = storageWith(null);
  keepChoice(storage, { rows: "place", columns: "all", values: "codes", kind: "csv", identifiers: true, unmasked: true });
  const read = readChoice(storage);
  assert.equal(read.kind, "csv");
  assert.equal("unmasked" in read, false);
});

test("whatever else is kept in the browser counts for nothing", () => {
  for (const text of ["{nonsense", "null", '{"kind":"exe","rows":7}', "[]"]) {
    assert.equal(readChoice(storageWith(text)).kind, "xlsx");
  }
  const closed = { getItem: () => { throw new Error("closed"); } };
  assert.equal(readChoice(closed).rows, "shown");
});

test("a job is asked for with the very choice of the file", () => {
  const choice = { rows: "place", columns: "shown", values: "codes", kind: "csv_gb18030" };
  const parameters = { columns: "name,credit", codes: 1, encoding: "gb18030", format: "csv" };
  assert.deepEqual(jobOf(...fileOf(choice, query, shown)), parameters);
});

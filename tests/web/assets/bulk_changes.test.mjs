/** Rows that the server has changed by itself, as the grid takes them over. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { takeOver } from "../../../app/web/assets/grid/bulk_changes.js";
import { LastYear } from "../../../app/web/assets/grid/last_year.js";
import { Row } from "../../../app/web/assets/grid/row.js";
import { UndoStack } from "../../../app/web/assets/grid/undo_stack.js";
import { fields } from "./fields.mjs";

// A page on which everything may be done and nothing is to be seen.
const page = new Proxy(() => page, { get: (made, name) => (typeof name === "symbol" ? undefined : page), set: () => true });
Object.assign(globalThis, { window: page, Node: class {} });
globalThis.document = { createElement: page, createElementNS: page, body: page, getElementById: () => null, querySelector: () => null };

function makeApp(rows) {
  const adopted = [];
  const store = { loadedRows: () => rows, adopt: (row) => adopted.push(row) };
  const app = { store, adopted, history: new UndoStack(), displaced: { note() {} }, reading: { onRowsChanged() {} } };
  app.sheet = { allFields: fields, store, history: app.history, onChange() {} };
  app.sheet.lastYear = new LastYear(app);
  return app;
}

function result(id, name) {
  const values = { code: `C${id}`, name };
  return { id, version: "2", ok: true, outcome: "changed", values, before: { name: "制图" }, findings: [] };
}

test("rows taken over from last year wait no more, loaded here or not", () => {
  const row = new Row({ id: "1", version: "1", values: { code: "C1", name: "制图" }, carried: true });
  const app = makeApp([row]);

  app.sheet.lastYear.waiting = 3;

  takeOver(app, { rows: [result("1", "机械制图"), result("2", "机械制图")], counts: { changed: 2 }, waiting: 1 });

  assert.equal(row.carried, false);
  assert.equal(app.sheet.lastYear.waiting, 1);
  assert.equal(row.values.name, "机械制图");
  assert.deepEqual(app.adopted.map(({ id }) => id), ["2"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { Row } from "../../../app/web/assets/grid/row.js";
import { code, fields, name } from "./fields.mjs";

const stored = { id: "1", version: "1", values: { code: "C1", name: "制图" }, states: {} };
const fed = { name: "来自 教务课程库，2026-09-15" };

test("a cell tells its source until another value is typed, and again when that is undone", () => {
  const row = new Row({ ...stored, fed });
  assert.equal(row.fedText(name), fed.name);
  row.values.name = "机械制图";
  assert.equal(row.fedText(name), null);
  row.values.name = "制图";
  assert.equal(row.fedText(name), fed.name);
});

test("a value that was saved over what a feed gave is no gift any more", () => {
  const row = new Row({ ...stored, fed });
  row.values.name = "机械制图";
  row.acceptStored({ id: "1", version: "2", values: {} }, { name: "机械制图" }, fields);
  assert.equal(row.fedText(name), null);
});

test("cells that no feed gave tell nothing", () => {
  assert.equal(new Row(stored).fedText(code), null);
  assert.equal(new Row().fedText(code), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyKey } from "../../../app/web/assets/grid/toolbar.js";

function keyOf({ kind = "table", canAdd = true, reason = null, ...query }) {
  return emptyKey({ spec: { kind, rights: { import: reason } }, store: { query }, canAdd });
}

test("an empty table names only the ways of adding rows that are open", () => {
  assert.equal(keyOf({}), "empty_can_add");
  assert.equal(keyOf({ reason: "不能导入" }), "empty_can_type");
  assert.equal(keyOf({ canAdd: false }), "empty_read_only");
});

test("of a table of another system it is told that nothing is in one's scope", () => {
  assert.equal(keyOf({ kind: "adopted" }), "empty_scope_can_add");
  assert.equal(keyOf({ kind: "adopted", canAdd: false }), "empty_scope");
  assert.equal(keyOf({ kind: "adopted", q: "张" }), "empty_search");
});

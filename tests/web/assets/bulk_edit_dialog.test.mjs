import assert from "node:assert/strict";
import { test } from "node:test";

import { missingKey, mostRows, scopeOf } from "../../../app/web/assets/grid/bulk_edit_dialog.js";
import { credit, name } from "./fields.mjs";

test("who is to give a value is told to clear only fields that may be empty", () => {
  assert.equal(missingKey(credit), "bulk_value_missing");
  assert.equal(missingKey(name), "bulk_value_required");
});

test("what is too much for the server is told before anything is sent", () => {
  const few = scopeOf(6000, 6000, 9000);
  assert.deepEqual([few.canSelected, few.canShown, few.tooMany], [true, true, null]);
  const many = scopeOf(0, mostRows + 1, mostRows + 1);
  assert.deepEqual([many.canSelected, many.canShown, many.tooMany], [false, false, "bulk_too_many"]);
  const part = scopeOf(10, 10, mostRows + 1);
  assert.deepEqual([part.canSelected, part.canShown, part.isSelectedFirst], [true, false, true]);
});

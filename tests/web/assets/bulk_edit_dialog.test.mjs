import assert from "node:assert/strict";
import { test } from "node:test";

import { missingKey } from "../../../app/web/assets/grid/bulk_edit_dialog.js";
import { credit, name } from "./fields.mjs";

test("who is to give a value is told to clear only fields that may be empty", () => {
  assert.equal(missingKey(credit), "bulk_value_missing");
  assert.equal(missingKey(name), "bulk_value_required");
});

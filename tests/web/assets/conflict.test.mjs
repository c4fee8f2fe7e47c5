import assert from "node:assert/strict";
import { test } from "node:test";

import { ChangeQueue } from "../../../app/web/assets/grid/change_queue.js";
import { changedText, momentText } from "../../../app/web/assets/grid/conflict.js";
import { Row } from "../../../app/web/assets/grid/row.js";
import { fields } from "./fields.mjs";

const noon = new Date(2026, 8, 15, 12, 0);
const iso = (hour, day = 15) => new Date(2026, 8, day, hour, 5).toISOString();

test("a moment of today is told by its time, any other with its day", () => {
  assert.equal(momentText(iso(9), noon), "09:05");
  assert.equal(momentText(iso(9, 14), noon), "2026-09-14 09:05");
});

test("a conflict says who was faster", () => {
  globalThis.pageTexts = { conflict_row_by: "%(person)s|%(time)s", conflict_row: "someone" };
  const row = new Row({ id: "7", version: "1", values: { name: "旧" } });
  row.values.name = "我的";
  const queue = new ChangeQueue({ fields });
  queue.touch(row);
  const changed = { by: "李四", at: iso(9, 14) };
  const conflict = { name: { mine: "我的", theirs: "他的" } };
  queue.settle(queue.takeBatch(), [{ ok: false, conflict, version: "2", values: {}, changed }]);
  assert.equal(changedText(row.conflict.changed), "李四|2026-09-14 09:05");
  assert.equal(changedText(null), "someone");
});

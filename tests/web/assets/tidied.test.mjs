import assert from "node:assert/strict";
import { test } from "node:test";

import { Row } from "../../../app/web/assets/grid/row.js";
import { tidiedNotice, tidiedText } from "../../../app/web/assets/grid/tidied.js";
import { isTidied, parseText } from "../../../app/web/assets/grid/values.js";
import { Sheet } from "../../../app/web/assets/grid/sheet.js";
import { UndoStack } from "../../../app/web/assets/grid/undo_stack.js";
import { code, fields, hours, name, opened } from "./fields.mjs";

globalThis.pageTexts = {
  cell_tidied: "填的是“%(before)s”，存为“%(after)s”",
  cell_tidied_empty: "填的是“%(before)s”，按空白处理",
  tidied_one: "第 %(row)s 行“%(field)s”：%(text)s",
  words_for_nothing: "无、没有",
  words_for_truth: "有、无",
  tidied_several: "%(count)s 格，第 %(row)s 行",
};

function sheetWith(values) {
  const row = new Row({ id: "1", version: "1", values });
  const [told, ignore] = [[], () => {}];
  const sheet = new Sheet({
    spec: { fields, rights: { edit: null, add: null, delete: null } },
    store: { rows: [row], length: 1 },
    queue: { touch: ignore },
    history: new UndoStack(),
    onChange: ignore,
    onTidied: (rows) => told.push(...rows),
  });
  return { sheet, told };
}

function saved(result) {
  const row = new Row({ id: "1", version: "1", values: { code: "A", hours: 95 } });
  row.acceptStored({ id: "1", version: "2", values: {}, ...result }, {}, fields);
  return row;
}

test("whatever is not kept as it was typed is tidied, spaces alone are nothing", () => {
  const tidies = (field, text) => isTidied(field, text, parseText(field, text));
  for (const text of ["９８", "1,098", " 98", "98　", "无"]) assert.ok(tidies(hours, text), text);
  assert.ok(tidies({ ...hours, unit: "个" }, " 5 个"));
  assert.ok(tidies(opened, "2014年3月"));
  assert.ok(tidies(name, "　插花"));
  for (const [field, text] of [[hours, "98"], [opened, "2014-03"], [name, "插花"], [name, "  "]]) {
    assert.equal(tidies(field, text), false, text);
  }
});

test("of a cell that has the value already it is told at once, of a wrong text never", () => {
  const { sheet, told } = sheetWith({ code: "A", hours: 95 });
  const [row] = sheet.store.rows;
  const type = (field, typed) => sheet.setCells([{ row, field, value: parseText(field, typed), typed }]);

  assert.equal(type(hours, " 95 "), 0);
  assert.deepEqual([told, tidiedText(row, hours)], [[row], "填的是“ 95 ”，存为“95”"]);
  type(hours, " 很多 ");
  assert.equal(tidiedText(row, hours), null);
});

test("what the server tidied is said beside the cell while that value stands there", () => {
  const row = saved({ values: { code: "GG01" }, tidied: { code: { before: "ＧＧ０１", after: "GG01" } } });
  assert.equal(tidiedText(row, code), "填的是“ＧＧ０１”，存为“GG01”");
  row.values.code = "GG02";
  assert.equal(tidiedText(row, code), null);
});

test("a word that means nothing is said to be taken as empty", () => {
  const row = saved({ values: { hours: null }, tidied: { hours: { before: "无", after: null } } });
  assert.equal(tidiedText(row, hours), "填的是“无”，按空白处理");
});

test("what the server has tidied looks wrong no longer", () => {
  const row = new Row({ id: "1", version: "1", values: { code: "A", hours: 95 } });
  row.values.hours = "不详";
  row.states.hours = { severity: "error", message: "不是整数" };
  row.acceptStored({ id: "1", version: "2", values: { hours: null } }, { hours: "不详" }, fields);
  row.showFindings([], { hours: "不详" }, fields, { isStored: true });
  assert.deepEqual(row.states, {});
});

test("a notice tells of a batch once", () => {
  const row = saved({ values: { hours: null }, tidied: { hours: { before: "无", after: null } } });
  assert.equal(tidiedNotice([row], fields, () => 4), `第 5 行“${hours.label}”：填的是“无”，按空白处理`);
  assert.equal(tidiedNotice([row], fields, () => 4), null);
});

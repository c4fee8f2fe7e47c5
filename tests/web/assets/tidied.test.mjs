import assert from "node:assert/strict";
import { test } from "node:test";

import { Row } from "../../../app/web/assets/grid/row.js";
import { tidiedNotice, tidiedText } from "../../../app/web/assets/grid/tidied.js";
import { isTidied, parseText } from "../../../app/web/assets/grid/values.js";
import { code, fields, hours } from "./fields.mjs";

globalThis.pageTexts = {
  cell_tidied: "填的是“%(before)s”，存为“%(after)s”",
  cell_tidied_empty: "填的是“%(before)s”，按空白处理",
  tidied_one: "第 %(row)s 行“%(field)s”：%(text)s",
  tidied_several: "%(count)s 格，第 %(row)s 行",
};

function saved(result) {
  const row = new Row({ id: "1", version: "1", values: { code: "A", hours: 95 } });
  row.acceptStored({ id: "1", version: "2", values: {}, ...result }, {}, fields);
  return row;
}

test("full-width digits are tidied, other ways of writing a number are not", () => {
  assert.equal(isTidied("９８", parseText(hours, "９８")), true);
  assert.equal(isTidied("1,098", parseText(hours, "1,098")), false);
  assert.equal(isTidied("　ＡＢＣ", "　ＡＢＣ".trim()), false);
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

test("a notice tells of a batch once", () => {
  const row = saved({ values: { hours: null }, tidied: { hours: { before: "无", after: null } } });
  assert.equal(tidiedNotice([row], fields, () => 4), `第 5 行“${hours.label}”：填的是“无”，按空白处理`);
  assert.equal(tidiedNotice([row], fields, () => 4), null);
});

import assert from "node:assert/strict";
import test from "node:test";

import {
  countsOf,
  doubleFields,
  firstChoices,
  mappingOf,
  missingKeys,
  openColumns,
} from "../../../app/web/assets/import/choices.js";
import { addressOf, groupFindings } from "../../../app/web/assets/import/findings.js";
import { drawnAtOnce, stretchesOf } from "../../../app/web/assets/import/result.js";
import { isTable } from "../../../app/web/assets/import/pasted.js";

const layout = {
  sheet: "数据",
  heading_row: 2,
  keys: ["code"],
  columns: [
    { column: "A", field: null, how: "ignored", open: false },
    { column: "B", field: "code", how: "label", open: false },
    { column: "C", field: "name", how: "similar", open: true },
    { column: "D", field: null, how: "none", open: true },
    { column: "E", field: null, how: "none", open: false },
  ],
};

test("begins with what is known and leaves open what waits for an answer", () => {
  const choices = firstChoices(layout);

  assert.deepEqual([...choices], [["B", "code"], ["C", "name"], ["D", undefined], ["E", null]]);
  assert.deepEqual(openColumns(choices), ["D"]);
  assert.deepEqual(countsOf(layout, choices), { matched: 1, suggested: 1, omitted: 1, open: 1 });
});

test("tells fields chosen twice and keys that are missing", () => {
  const choices = firstChoices(layout);
  choices.set("B", "name");

  assert.deepEqual(doubleFields(choices), ["name"]);
  assert.deepEqual(missingKeys(layout, choices), ["code"]);
});

test("sends every choice with its place", () => {
  const choices = firstChoices(layout);
  choices.set("D", null);

  assert.deepEqual(mappingOf(layout, choices), {
    sheet: "数据",
    heading_row: 2,
    columns: { B: "code", C: "name", D: null, E: null },
  });
});

test("groups findings by field and rule, errors and frequent ones first", () => {
  const finding = (severity, field, rule, row) => ({ severity, field, rule, row, message: `${rule}${row}` });
  const groups = groupFindings([
    finding("warning", "a", "W", 1),
    finding("error", "a", "X", 2),
    finding("error", "b", "Y", 3),
    finding("error", "b", "Y", 4),
  ]);

  assert.deepEqual(
    groups.map(({ message, findings }) => [message, findings.length]),
    [["Y3", 2], ["X2", 1], ["W1", 1]],
  );
});

test("puts what was typed before what is missing", () => {
  const finding = (field, value) => ({ severity: "error", field, rule: "R", row: 1, message: field, value });
  const groups = groupFindings([finding("a", null), finding("a", null), finding("b", "x")]);

  assert.deepEqual(groups.map(({ message }) => message), ["b", "a"]);
});

test("names cells as Excel does", () => {
  globalThis.pageTexts = { row_number: "row %(row)s" };

  assert.equal(addressOf({ row: 37, column: "E" }), "E37");
  assert.equal(addressOf({ row: 37, column: null }), "row 37");
  assert.equal(addressOf({ row: null, column: null }), "");
});

test("takes cells for a table only where there is a heading and a row", () => {
  assert.ok(isTable("代码\t名称\r\n1\t南"));
  assert.ok(!isTable("代码\t名称"));
  assert.ok(!isTable("\n\n"));
});

test("many rows of an outcome are drawn one stretch after the other, none left out", () => {
  const rows = Array.from({ length: 2 * drawnAtOnce + 1 }, (_, row) => ({ row }));
  const stretches = stretchesOf(rows);
  assert.deepEqual(stretches.map(({ length }) => length), [drawnAtOnce, drawnAtOnce, 1]);
  assert.deepEqual(stretches.flat(), rows);
  assert.deepEqual(stretchesOf([]), []);
});

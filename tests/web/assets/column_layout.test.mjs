import assert from "node:assert/strict";
import { test } from "node:test";

import { ColumnLayout } from "../../../app/web/assets/grid/column_layout.js";
import { fields } from "./fields.mjs";

const codesOf = (layout) => layout.shown.map(({ code }) => code);

test("columns are hidden and moved, and one always stays", () => {
  const layout = new ColumnLayout(fields);
  layout.move("credit", -10);
  assert.deepEqual(codesOf(layout), ["credit", "code", "name", "hours"]);
  for (const code of ["credit", "code", "name"]) assert.equal(layout.setHidden(code, true), true);
  assert.equal(layout.setHidden("hours", true), false);
  assert.deepEqual(codesOf(layout), ["hours"]);
  assert.equal(layout.hiddenCount, 3);
});

test("dragging headings leaves hidden columns where they are", () => {
  const layout = new ColumnLayout(fields);
  layout.setHidden("name", true);
  layout.reorderShown(["credit", "hours", "code"]);
  assert.deepEqual(layout.columns.map(({ field }) => field.code), ["credit", "name", "hours", "code"]);
});

test("any number of columns stays in view as long as something can scroll", () => {
  const layout = new ColumnLayout(fields);
  assert.equal(layout.countFrozen(2000), 1);
  layout.frozen = "hours";
  assert.equal(layout.countFrozen(2000), 3);
  layout.frozen = "credit";
  assert.equal(layout.countFrozen(2000), 3);
  assert.ok(layout.fits(2000));
  layout.setWidth("code", 900);
  assert.equal(layout.countFrozen(1000), 0);
  assert.ok(!layout.fits(1000));
  layout.frozen = null;
  assert.equal(layout.countFrozen(2000), 0);
});

test("what a view has kept is taken over, whatever the table has become", () => {
  const layout = new ColumnLayout(fields);
  layout.setHidden("name", true);
  layout.setWidth("hours", 123);
  layout.move("hours", -2);
  layout.frozen = "code";
  const content = JSON.parse(JSON.stringify(layout.toContent()));
  const grown = new ColumnLayout([...fields, { code: "new", label: "新字段", type: "text" }]);
  grown.apply({ ...content, columns: [{ code: "gone", width: 1, hidden: false }, ...content.columns] });
  assert.deepEqual(codesOf(grown), ["hours", "code", "credit", "new"]);
  assert.equal(grown.widthOf("hours"), 123);
  assert.equal(grown.frozen, "code");
  layout.apply({ columns: fields.map(({ code }) => ({ code, hidden: true })) });
  assert.equal(layout.hiddenCount, 0);
});

test("key and label stay in view where both fit, else the key alone", () => {
  const layout = new ColumnLayout(fields, "name");
  assert.equal(layout.countFrozen(2000), 2);
  assert.equal(layout.countFrozen(400), 1);
  assert.equal(layout.toContent().frozen, "name");
  layout.move("name", 2);
  assert.equal(layout.countFrozen(2000), 1);
  assert.equal(layout.toContent().frozen, "code");
});

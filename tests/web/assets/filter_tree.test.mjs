import assert from "node:assert/strict";
import { test } from "node:test";

import {
  compileTree,
  countConditions,
  narrowed,
  newCondition,
  operatorsOf,
  pastedValues,
  readTree,
  writeTree,
} from "../../../app/web/assets/grid/filter_tree.js";
import { periodNames, rangeFor, rangeOf } from "../../../app/web/assets/grid/relative_period.js";
import { born, code, hours, isCore, opened, title } from "./fields.mjs";

const withOperators = (field, ...operators) => ({ ...field, operators });
const fields = [
  withOperators(code, "contains", "=", "in", "empty"),
  withOperators(hours, "=", "between", "not_empty"),
  withOperators(isCore, "="),
  withOperators(title, "=", "in"),
  withOperators(born, "between", "=", "empty"),
  { code: "secret", label: "证件号码", type: "string", operators: [] },
];
const condition = (field, operator, ...texts) => ({ field, operator, texts });

test("typed texts become values of the field's type", () => {
  const parts = [
    condition("code", "contains", " GG "),
    condition("hours", "between", "１", "2"),
    condition("is_core", "=", "false"),
    condition("title", "=", "2"),
    condition("hours", "not_empty"),
  ];
  const { tree, problems } = writeTree({ joinedBy: "or", parts }, fields);
  assert.deepEqual(problems, []);
  assert.deepEqual(tree, {
    or: [
      ["code", "contains", "GG"],
      ["hours", "between", [1, 2]],
      ["is_core", "=", false],
      ["title", "=", "2"],
      ["hours", "not_empty"],
    ],
  });
});

test("a tree is read back into what was typed, groups included", () => {
  const tree = { and: [["code", "in", ["a", "b"]], { or: [["hours", "=", 3], ["born", "empty"]] }] };
  const { group, dropped } = readTree(tree, fields);
  assert.equal(dropped, 0);
  assert.deepEqual(writeTree(group, fields).tree, tree);
  assert.equal(countConditions(tree), 3);
});

test("what the table does not have, or hides, is left out and counted", () => {
  const tree = { and: [["gone", "=", 1], ["secret", "=", "1"], ["hours", "~", 1], ["code", "empty"]] };
  const { group, dropped } = readTree(tree, fields);
  assert.equal(dropped, 3);
  assert.deepEqual(group.parts.map((part) => part.field), ["code"]);
  assert.deepEqual(readTree(null, fields), { group: { joinedBy: "and", parts: [] }, dropped: 0 });
});

test("what is still missing is named, and too long a list", () => {
  const many = Array.from({ length: 201 }, (_, number) => `T${number}`);
  const parts = [condition("code", "in", ...many), condition("hours", "between", "1")];
  const { problems } = writeTree({ joinedBy: "and", parts }, fields);
  assert.deepEqual(problems.map(({ key }) => key), ["filter_too_many_values", "filter_value_missing"]);
  assert.equal(problems[0].parameters.count, 201);
});

test("a column pasted from Excel is a list of its values", () => {
  assert.deepEqual(pastedValues("T1\r\nT2\tx\r\n\r\n T1 \nT3"), ["T1", "T2", "T3"]);
});

test("dates offer periods first, other fields do not", () => {
  assert.equal(operatorsOf(fields[4])[0], "period");
  assert.deepEqual(newCondition(fields[4]).texts, [periodNames[0]]);
  assert.ok(!operatorsOf(fields[1]).includes("period"));
  assert.deepEqual(operatorsOf({ ...opened, operators: ["="] }), ["="]);
});

test("periods follow the college's year and the server's day", () => {
  assert.deepEqual(rangeOf("this_academic_year", "2026-08-31"), ["2025-09-01", "2026-08-31"]);
  assert.deepEqual(rangeOf("this_academic_year", "2026-09-01"), ["2026-09-01", "2027-08-31"]);
  assert.deepEqual(rangeOf("last_academic_year", "2026-01-05"), ["2024-09-01", "2025-08-31"]);
  assert.deepEqual(rangeOf("this_calendar_year", "2026-01-05"), ["2026-01-01", "2026-12-31"]);
  assert.deepEqual(rangeOf("this_month", "2024-02-10"), ["2024-02-01", "2024-02-29"]);
  assert.deepEqual(rangeOf("last_30_days", "2026-03-01"), ["2026-01-31", "2026-03-01"]);
  assert.equal(rangeOf("toString", "2026-03-01"), null);
});

test("a period is compiled to its days, as the column writes them", () => {
  const tree = { and: [["born", "period", "this_month"], ["code", "empty"]] };
  assert.deepEqual(compileTree(tree, fields, "2026-02-03"), {
    and: [["born", "between", ["2026-02-01", "2026-02-28"]], ["code", "empty"]],
  });
  assert.deepEqual(rangeFor(opened, "this_month", "2026-02-03"), ["2026-02", "2026-02"]);
  const times = rangeFor({ type: "datetime" }, "this_month", "2026-02-03");
  assert.deepEqual(times, ["2026-02-01 00:00:00", "2026-02-28 23:59:59"]);
  assert.equal(compileTree(null, fields, "2026-02-03"), null);
});

test("filtering by a cell narrows what is shown, once", () => {
  const once = narrowed({ or: [["code", "=", "a"], ["code", "=", "b"]] }, hours, 3);
  assert.deepEqual(once.and[1], ["hours", "=", 3]);
  assert.equal(narrowed(once, hours, 3), once);
  assert.deepEqual(narrowed(null, born, null), { and: [["born", "empty"]] });
});

test("whoever asks is an operator without a value", () => {
  const own = [withOperators(code, "=", "=user"), withOperators(title, "in_departments")];
  const tree = { and: [["code", "=user"], ["title", "in_departments"]] };
  const { group, dropped } = readTree(tree, own);
  assert.equal(dropped, 0);
  assert.deepEqual(writeTree(group, own), { tree, problems: [] });
});

test("a new condition begins with what people look for, not with the first operator of all", () => {
  const offered = ["empty", "not_empty", "=", "contains"];
  const begun = (type, operators = offered) => newCondition({ code: "x", type, operators }).operator;
  assert.equal(begun("string"), "contains");
  assert.equal(begun("reference"), "=");
  assert.equal(begun("integer"), "=");
  assert.equal(begun("binary", ["empty", "not_empty"]), "empty");
});

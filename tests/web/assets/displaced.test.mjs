import assert from "node:assert/strict";
import { test } from "node:test";

import { mayMove } from "../../../app/web/assets/grid/displaced.js";

const filter = JSON.stringify({ and: [["title", "=", "1"], { or: [["dept.name", "contains", "系"]] }] });

test("a row may move when a field changes that the filter, the order or the search looks at", () => {
  assert.equal(mayMove({ q: "", sort: "", filter }, ["title"]), true);
  assert.equal(mayMove({ q: "", sort: "", filter }, ["dept"]), true);
  assert.equal(mayMove({ q: "", sort: "-hours", filter: "" }, ["hours"]), true);
  assert.equal(mayMove({ q: "张", sort: "", filter: "" }, ["name"]), true);
});

test("other changes leave it where it is", () => {
  assert.equal(mayMove({ q: "", sort: "hours", filter }, ["name"]), false);
  assert.equal(mayMove({ q: "", sort: "", filter: "" }, ["name"]), false);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { isFoundIn, replacedIn, searchedText } from "../../../app/web/assets/grid/find_text.js";
import { code, isCore, title } from "./fields.mjs";

// The same promises as those of the server: tests/rules/test_find_text.py.
const cases = [
  ["汽车", {}, "汽车工程系汽车", "机电工程系机电"],
  ["a.c", {}, "abc a.c", "abc 机电"],
  ["cnc", {}, "CNC 与 ｃＮc", "机电 与 机电"],
  ["cnc", { match_case: true }, "CNC cnc", "CNC 机电"],
  ["３", { match_width: true }, "3３", "3机电"],
  ["系", { whole: true }, "系里", "系里"],
  ["系", { whole: true }, "系", "机电"],
  ["aa", {}, "aaa", "机电a"],
  ["İ", {}, "i̇ İ", "i̇ 机电"],
  ["", {}, "什么", "什么"],
];

for (const [wanted, how, text, expected] of cases) {
  test(`“${wanted}” in “${text}” is replaced as plain text`, () => {
    assert.equal(replacedIn(text, wanted, "机电", how), expected);
    assert.equal(isFoundIn(text, wanted, how), expected !== text);
  });
}

test("people look for what they read: labels, and nothing in yes and no", () => {
  assert.equal(searchedText(title, "1"), "教授");
  assert.equal(searchedText(isCore, true), null);
  assert.equal(searchedText(code, ""), null);
});

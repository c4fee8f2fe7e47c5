import assert from "node:assert/strict";
import test from "node:test";

import { choicesOf, matching, quoted, taken, wordAt } from "../../../app/web/assets/rule/completion.js";
import { messagesOf, partsOf } from "../../../app/web/assets/rule/pointing.js";

const words = {
  fields: [
    { code: "book_new", label: "新增图书", text: "新增图书", search: "xzts abts" },
    { code: "book_total", label: "图书总数(册)", text: '"图书总数(册)"' },
  ],
  functions: [{ name: "abs", help: "绝对值" }],
};

test("the word before the caret is found, in quotation marks from their beginning", () => {
  assert.deepEqual(wordAt("新增 <= 图书", 8), { start: 6, end: 8, word: "图书" });
  assert.deepEqual(wordAt('a = "图书总', 8), { start: 4, end: 8, word: "图书总" });
  assert.deepEqual(wordAt('a = "图书"', 7), { start: 4, end: 8, word: "图书" });
});

test("nothing is offered for numbers, signs and texts", () => {
  assert.equal(wordAt("a <= 12", 7), null);
  assert.equal(wordAt("a <= ", 5), null);
  assert.equal(wordAt("a = '图", 6), null);
});

test("what begins with the word comes first, by label, code or figure", () => {
  const choices = choicesOf(words, ["上年图书"]);

  assert.deepEqual(matching(choices, "图书").map((choice) => choice.label), [
    "图书总数(册)",
    "上年图书",
    "新增图书",
  ]);
  assert.equal(matching(choices, "BOOK_T")[0].label, "图书总数(册)");
  assert.equal(matching(choices, "ab")[0].label, "abs()");
});

test("a field is found by its initials, behind what is called so", () => {
  const choices = choicesOf(words, []);

  assert.deepEqual(matching(choices, "XZT").map((choice) => choice.label), ["新增图书"]);
  assert.deepEqual(matching(choices, "ab").map((choice) => choice.label), ["abs()", "新增图书"]);
  assert.deepEqual(matching(choices, "zts"), []);
});

test("a choice takes the place of the word; within a call the caret stands between the brackets", () => {
  const [call] = matching(choicesOf(words, []), "abs");

  assert.deepEqual(taken("ab > 1", { start: 0, end: 2 }, call), { text: "abs() > 1", caret: 4 });
});

test("labels with signs are quoted, single words are not", () => {
  assert.equal(quoted("新增图书"), "新增图书");
  assert.equal(quoted("图书总数(册)"), '"图书总数(册)"');
  assert.equal(quoted("6.1中的记录"), '"6.1中的记录"');
  assert.equal(quoted("name"), '"name"');
});

test("a text is divided at its faults, one inside of another counting once", () => {
  assert.deepEqual(partsOf("a <= b", [{ start: 5, end: 6 }, { start: 0, end: 1 }, { start: 0, end: 1 }]), [
    { text: "a", isFault: true },
    { text: " <= ", isFault: false },
    { text: "b", isFault: true },
  ]);
  assert.deepEqual(partsOf("a <", [{ start: 3, end: 4 }]).at(-1), { text: " ", isFault: true });
});

test("what is wrong at several places is told once", () => {
  const [one, other] = [{ message: "没有字段" }, { message: "不是日期" }];
  assert.deepEqual(messagesOf([one, other, { ...one }]), ["没有字段", "不是日期"]);
});

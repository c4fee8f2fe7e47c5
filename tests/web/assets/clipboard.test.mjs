import assert from "node:assert/strict";
import { test } from "node:test";

import { isBlock, parseBlock, writeBlock } from "../../../app/web/assets/grid/clipboard.js";

test("a block from a spreadsheet ends its rows with CRLF and adds no empty row", () => {
  assert.deepEqual(parseBlock("a\tb\r\nc\td\r\n"), [["a", "b"], ["c", "d"]]);
});

test("a quoted cell keeps line ends, tabs and doubled quotes", () => {
  assert.deepEqual(parseBlock('"一\r\n二"\t"说""好"""\r\nx\ty'), [["一\n二", '说"好"'], ["x", "y"]]);
});

test("a quote that closes nowhere is an ordinary character", () => {
  assert.deepEqual(parseBlock('"重要"通知\t5"'), [['"重要"通知', '5"']]);
});

test("empty cells stay, at the end of a row and in between", () => {
  assert.deepEqual(parseBlock("a\t\tb\t\n\tc\t\t"), [["a", "", "b", ""], ["", "c", "", ""]]);
});

test("an empty line in the middle is a row with one empty cell", () => {
  assert.deepEqual(parseBlock("a\n\nb"), [["a"], [""], ["b"]]);
});

test("what was written is read back", () => {
  const rows = [["001", "一\n二"], ['"', "\t"], ["", "末"]];
  assert.deepEqual(parseBlock(writeBlock(rows)), rows);
});

test("one cell is no block, with or without a line inside quotes", () => {
  assert.equal(isBlock("汽车"), false);
  assert.equal(isBlock('"一\n二"'), false);
  assert.equal(isBlock("a\tb"), true);
  assert.equal(isBlock("a\nb"), true);
});

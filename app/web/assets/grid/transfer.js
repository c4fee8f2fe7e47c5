/**
 * Copying and pasting blocks of cells, clearing them and filling them downwards. Each deed is one
 * command, so one undo takes it back.
 */

import { isBlock, writeBlock } from "./clipboard.js";
import { writeTable } from "./clipboard_write.js";
import { formatValue, parseText } from "./values.js";

/**
 * The selected cells for the clipboard. Codes are written as their labels, references as keys.
 * @param {object} sheet
 * @param {object} block
 * @param {{headings?: string[]|null}} [options] a row of headings to go before them
 * @returns {{text: string, html: string}}
 */
export function copyBlock(sheet, block, { headings = null } = {}) {
  const fields = sheet.fields.slice(block.left - 1, block.right);
  const lines = [];
  for (let position = block.top; position <= block.bottom; position += 1) {
    const row = sheet.at(position);
    if (!row || (sheet.isPlaceholder(row) && block.bottom > block.top)) continue;
    lines.push(fields.map((field) => formatValue(field, row.values[field.code])));
  }
  return {
    text: writeBlock(headings ? [headings, ...lines] : lines),
    html: writeTable(fields, lines, headings),
  };
}

/**
 * Write what was planned as one command; answers how many cells changed.
 * @param {object} sheet
 * @param {{edits: object[], added: object[]}} plan
 */
export function writePlan(sheet, { edits, added }) {
  return sheet.setCells(edits, added);
}

/** Empty the selected cells. */
export function clearCells(sheet, block) {
  return sheet.setCells(cellsOf(sheet, block).map(({ row, field }) => ({ row, field, value: null })));
}

/** Copy the top row of the selection into the rows under it; from above when it is one row. */
export function fillDown(sheet, block) {
  const source = sheet.at(block.top === block.bottom ? block.top - 1 : block.top);
  if (!source) return 0;
  const edits = cellsOf(sheet, block)
    .filter(({ row }) => row !== source)
    .map(({ row, field }) => ({ row, field, value: source.values[field.code] ?? null }));
  return sheet.setCells(edits);
}

/** Copy the left column of the selection into the others; from the left when it is one column. */
export function fillRight(sheet, block) {
  const isOne = block.left === block.right;
  const source = sheet.fields[(isOne ? block.left - 1 : block.left) - 1];
  if (!source) return 0;
  const edits = cellsOf(sheet, block)
    .filter(({ field }) => field !== source)
    .map(({ row, field }) => {
      const value = row.values[source.code] ?? null;
      return { row, field, value: carriedOver(source, field, value) };
    });
  return sheet.setCells(edits);
}

/** Give all cells of the selection what was typed into one of them: {row, field, value}. */
export function fillWith(sheet, block, typed) {
  const cells = cellsOf(sheet, block);
  if (sheet.isPlaceholder(typed.row)) cells.push(typed);
  return sheet.setCells(
    cells.map(({ row, field }) => ({ row, field, value: carriedOver(typed.field, field, typed.value) })),
  );
}

/** A value of one field as a value of another: what people read of it, read anew. */
export function carriedOver(source, target, value) {
  if (source === target || value === null) return value;
  return parseText(target, formatValue(source, value));
}

function cellsOf(sheet, block) {
  const cells = [];
  for (let position = block.top; position <= block.bottom; position += 1) {
    const row = sheet.at(position);
    if (!row || sheet.isPlaceholder(row)) continue;
    for (const field of sheet.fields.slice(block.left - 1, block.right)) cells.push({ row, field });
  }
  return cells;
}

/** Whether pasted text belongs to the grid rather than into the input being edited. */
export function isForGrid(text, isEditing) {
  return !isEditing || isBlock(text.replace(/\r?\n$/, ""));
}

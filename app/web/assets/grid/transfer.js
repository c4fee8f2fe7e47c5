/**
 * Copying and pasting blocks of cells, clearing them and filling them downwards. Each deed is one
 * command, so one undo takes it back.
 */

import { Row } from "./row.js";
import { isBlock, parseBlock, writeBlock } from "./clipboard.js";
import { formatValue, parseText } from "./values.js";

/**
 * The selected cells as clipboard text. Codes are written as their labels, references as keys.
 * @returns {string}
 */
export function copyText(sheet, block) {
  const lines = [];
  for (let position = block.top; position <= block.bottom; position += 1) {
    const row = sheet.at(position);
    if (!row || (sheet.isPlaceholder(row) && block.bottom > block.top)) continue;
    const fields = sheet.fields.slice(block.left - 1, block.right);
    lines.push(fields.map((field) => formatValue(field, row.values[field.code])));
  }
  return writeBlock(lines);
}

/**
 * Where pasted text goes: one value fills the selection, whole repetitions of a block fill it too,
 * everything else starts at the upper left corner.
 * @returns {string[][]}
 */
export function spreadBlock(rows, block) {
  const height = block.bottom - block.top + 1;
  const width = block.right - block.left + 1;
  const rowWidth = Math.max(...rows.map((row) => row.length));
  const isRepeatable = height % rows.length === 0 && width % rowWidth === 0;
  if (!isRepeatable || height * width <= rows.length * rowWidth) return rows;
  return Array.from({ length: height }, (_, line) =>
    Array.from({ length: width }, (__, column) => rows[line % rows.length][column % rowWidth] ?? ""),
  );
}

/**
 * Paste clipboard text at the selection.
 * @param {object} options {sheet, store, block, text}
 * @returns {Promise<{rows: number, columns: number, added: number, cells: number, dropped: number,
 *   outside: number}>} `dropped` rows and `outside` columns found no place
 */
export async function pasteText({ sheet, store, block, text }) {
  const rows = spreadBlock(parseBlock(text), block);
  // Rows whose page has not been looked at yet would silently be left out.
  await store.ensure(block.top, block.top + rows.length - 1);
  const added = [];
  const edits = [];
  let dropped = 0;
  rows.forEach((texts, line) => {
    const row = targetRow(sheet, store, block.top + line, added);
    if (!row) {
      dropped += 1;
      return;
    }
    texts.forEach((cellText, column) => {
      const field = sheet.fields[block.left - 1 + column];
      if (field) edits.push({ row, field, value: parseText(field, cellText) });
    });
  });
  const cells = sheet.setCells(edits, added);
  const width = Math.max(...rows.map((row) => row.length));
  const columns = Math.min(width, sheet.fields.length - block.left + 1);
  const outside = width - columns;
  return { rows: rows.length - dropped, columns, added: added.length, cells, dropped, outside };
}

function targetRow(sheet, store, position, added) {
  if (position < store.length) return store.at(position);
  if (!sheet.canAdd) return null;
  added.push(new Row());
  return added.at(-1);
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

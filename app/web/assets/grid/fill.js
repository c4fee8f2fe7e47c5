/**
 * Filling cells from the selection, as one command: which cells, and what each of them gets.
 */

import { carriedOver } from "./transfer.js";
import { continueSeries } from "./series.js";
import { isEmpty } from "./values.js";

/**
 * Where a drag of the handle leads: the block that is to be filled, beside the selection.
 * @param {object} block {top, bottom, left, right} of the selection
 * @param {{row: number, cell: number}} place where the mouse is
 * @returns {object|null} a block with its `way`: down, up, right or left
 */
export function fillTarget(block, { row, cell }) {
  const down = row - block.bottom;
  const up = block.top - row;
  const right = cell - block.right;
  const left = block.left - cell;
  const far = Math.max(down, up, right, left);
  if (far <= 0) return null;
  if (far === down) return { ...block, top: block.bottom + 1, bottom: row, way: "down" };
  if (far === up) return { ...block, top: Math.max(0, row), bottom: block.top - 1, way: "up" };
  if (far === right) return { ...block, left: block.right + 1, right: cell, way: "right" };
  return { ...block, left: Math.max(1, cell), right: block.left - 1, way: "left" };
}

/** Row by row or column by column from the selection on. */
function range(from, to) {
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step);
}

/**
 * The edits of a fill.
 * @param {object} sheet
 * @param {object} block the selection
 * @param {object} target from fillTarget
 * @param {{isToggled?: boolean, isCopied?: boolean}} [options]
 */
export function fillEdits(sheet, block, target, options = {}) {
  const isVertical = target.way === "down" || target.way === "up";
  return isVertical ? fillLines(sheet, block, target, options) : fillColumns(sheet, block, target, options);
}

function fillLines(sheet, block, target, options) {
  const rows = (from, to) => range(from, to).map((position) => sheet.at(position));
  const isDown = target.way === "down";
  const sources = isDown ? rows(block.top, block.bottom) : rows(block.bottom, block.top);
  const targets = isDown ? rows(target.top, target.bottom) : rows(target.bottom, target.top);
  return sheet.fields.slice(block.left - 1, block.right).flatMap((field) => {
    const values = sources.map((row) => row?.values[field.code] ?? null);
    const next = following(field, values, targets.length, options);
    return targets
      .map((row, index) => ({ row, field, value: next[index] }))
      .filter(({ row }) => row && !sheet.isPlaceholder(row));
  });
}

function fillColumns(sheet, block, target, options) {
  const isRight = target.way === "right";
  const fields = (from, to) => range(from, to).map((cell) => sheet.fields[cell - 1]);
  const sources = isRight ? fields(block.left, block.right) : fields(block.right, block.left);
  const targets = isRight ? fields(target.left, target.right) : fields(target.right, target.left);
  return range(block.top, block.bottom).flatMap((position) => {
    const row = sheet.at(position);
    if (!row || sheet.isPlaceholder(row)) return [];
    const values = sources.map(({ code }) => row.values[code] ?? null);
    const isOfOneType = sources.every(({ type }) => type === sources[0].type);
    const next = isOfOneType ? following(sources[0], values, targets.length, options) : null;
    return targets.filter(Boolean).map((field, index) => {
      const source = sources[index % sources.length];
      const value = next ? next[index] : values[index % values.length];
      return { row, field, value: carriedOver(source, field, value) };
    });
  });
}

function following(field, values, count, { isToggled = false, isCopied = false }) {
  if (!isCopied) return continueSeries(field, values, count, { isToggled });
  return Array.from({ length: count }, (_, index) => values[index % values.length]);
}

/**
 * How far down a double click on the handle fills: to the end of the filled cells in the column to
 * the left of the selection, else to its right.
 * @returns {Promise<number>} the last position, block.bottom when there is nothing to fill
 */
export async function endOfNeighbour(sheet, store, block) {
  for (const field of [sheet.fields[block.left - 2], sheet.fields[block.right]]) {
    if (!field) continue;
    const end = await endOfFilled(sheet, store, field, block.bottom);
    if (end > block.bottom) return end;
  }
  return block.bottom;
}

const pageRows = 200;

async function endOfFilled(sheet, store, field, bottom) {
  let position = bottom;
  while (position + 1 < store.length) {
    if (!store.at(position + 1)) await store.ensure(position + 1, position + pageRows);
    if (isEmpty(store.at(position + 1)?.values[field.code])) break;
    position += 1;
  }
  return position;
}

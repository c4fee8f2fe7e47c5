/**
 * What a paste would do: which text goes into which cell, which rows are added, what finds no place.
 * Nothing is changed here.
 */

import { Row } from "./row.js";
import { headingText } from "./columns.js";
import { isEmpty, isSameValue, narrow, parsePasted } from "./values.js";

/**
 * Where pasted text goes: one value fills the selection, whole repetitions of a block fill it too,
 * also one row several rows high, or one column several columns wide; everything else starts at the
 * upper left corner.
 * @returns {string[][]}
 */
export function spreadBlock(rows, block) {
  const height = block.bottom - block.top + 1;
  const width = block.right - block.left + 1;
  const rowWidth = Math.max(...rows.map((row) => row.length));
  const isRepeatable = (room, size) => room < size || room % size === 0;
  if (!isRepeatable(height, rows.length) || !isRepeatable(width, rowWidth)) return rows;
  const lines = Math.max(height, rows.length);
  const columns = Math.max(width, rowWidth);
  if (lines === rows.length && columns === rowWidth) return rows;
  return Array.from({ length: lines }, (_, line) =>
    Array.from({ length: columns }, (__, column) => rows[line % rows.length][column % rowWidth] ?? ""),
  );
}

function isSameHeading(field, text) {
  const plain = (heading) => narrow(heading).replace(/[\s*]/g, "");
  return [field.label, headingText(field)].some((heading) => plain(heading) === plain(text));
}

/**
 * The fields that the first row names, by position; null when it is no row of headings.
 * @param {object[]} fields on screen
 * @param {string[][]} rows
 */
export function headedFields(fields, rows) {
  const [first] = rows;
  if (rows.length < 2 || !first.some((text) => text.trim() !== "")) return null;
  const named = first.map((text) =>
    text.trim() === "" ? null : fields.find((field) => isSameHeading(field, text)),
  );
  if (named.includes(undefined)) return null;
  const found = named.filter(Boolean);
  return new Set(found).size === found.length ? named : null;
}

function isBlank(row) {
  return row.every((text) => text.trim() === "");
}

/** Without empty rows at the end that would only add empty rows to the table. */
function withoutTail(rows, room) {
  let end = rows.length;
  while (end > Math.max(1, room) && isBlank(rows[end - 1])) end -= 1;
  return rows.slice(0, end);
}

/**
 * Plan a paste at the selection.
 * @param {object} options {sheet, store, block, rows, lookUp}: `lookUp(field, texts)` answers the
 *   keys of the rows that are called so, by text
 * @returns {Promise<object>} {edits: [{row, field, value}], added: Row[], lines: row per line or null,
 *   rows, columns, dropped, outside, unnamed, closed, isHeaded}: `dropped` rows and `outside` columns
 *   found no place, `unnamed` columns hold something but have no heading, `closed` cells may not be
 *   changed
 */
export async function planPaste({ sheet, store, block, rows: read, lookUp = async () => ({}) }) {
  const headed = headedFields(sheet.fields, read);
  const body = withoutTail(headed ? read.slice(1) : read, store.length - block.top);
  const rows = headed ? body : spreadBlock(body, block);
  const fieldAt = (column) =>
    headed ? (headed[column] ?? undefined) : sheet.fields[block.left - 1 + column];
  // Rows whose page has not been looked at yet would silently be left out.
  await store.ensure(block.top, block.top + rows.length - 1);
  const keys = await keysOf(rows, fieldAt, lookUp);
  const plan = { edits: [], added: [], lines: [], dropped: 0, closed: 0, isHeaded: Boolean(headed) };
  rows.forEach((texts, line) => planLine(plan, sheet, store, block.top + line, texts, fieldAt, keys));
  const width = Math.max(...rows.map((row) => row.length));
  const columns = headed
    ? headed.filter(Boolean).length
    : Math.min(width, sheet.fields.length - block.left + 1);
  const outside = headed ? 0 : width - columns;
  const unnamed = headed ? countUnnamed(headed, rows, width) : 0;
  return { ...plan, rows: rows.length - plan.dropped, columns, outside, unnamed };
}

function countUnnamed(headed, rows, width) {
  const isLost = (column) => !headed[column] && rows.some((row) => !isEmpty((row[column] ?? "").trim()));
  return Array.from({ length: width }, (_, column) => column).filter(isLost).length;
}

/** What to say of a row of headings: where the columns went, and which of them went nowhere. */
export function headedKey({ isHeaded, unnamed }) {
  if (!isHeaded) return null;
  return unnamed > 0 ? "pasted_partly_headed" : "pasted_headed";
}

function planLine(plan, sheet, store, position, texts, fieldAt, keys) {
  const row = targetRow(plan, sheet, store, position);
  plan.lines.push(row);
  if (!row) {
    plan.dropped += 1;
    return;
  }
  texts.forEach((text, column) => {
    const field = fieldAt(column);
    if (!field) return;
    const value = keys.get(field)?.get(text.trim()) ?? parsePasted(field, text);
    if (sheet.isEditable(row, field)) plan.edits.push({ row, field, value, typed: field.codes ? undefined : text });
    else if (!isSameValue(field, row.values[field.code], value)) plan.closed += 1;
  });
}

function targetRow(plan, sheet, store, position) {
  if (position < store.length) return store.at(position);
  if (!sheet.canAdd) return null;
  plan.added.push(new Row());
  return plan.added.at(-1);
}

/** Field → {text: key}, of references that are called by name or as "key name". */
async function keysOf(rows, fieldAt, lookUp) {
  const wanted = new Map();
  for (const texts of rows) {
    texts.forEach((text, column) => {
      const field = fieldAt(column);
      if (field?.type !== "reference" || isEmpty(text.trim())) return;
      if (!wanted.has(field)) wanted.set(field, new Set());
      wanted.get(field).add(text.trim());
    });
  }
  const found = new Map();
  for (const [field, texts] of wanted) found.set(field, await keysOfField(field, [...texts], lookUp));
  return found;
}

async function keysOfField(field, texts, lookUp) {
  const parted = new Map(texts.map((text) => [text, /^(\S+)\s+(.+)$/.exec(text)]).filter(([, parts]) => parts));
  const names = [...parted.values()].map(([, , name]) => name);
  const keys = new Map(Object.entries(await lookUp(field, [...new Set([...texts, ...names])])));
  for (const [text, [, key, name]] of parted) {
    if (!keys.has(text) && keys.get(name) === key) keys.set(text, key);
  }
  return keys;
}

/**
 * Keys of the grid, the ones people know from spreadsheets.
 */

import { copyWithHeadings } from "./clipboard_events.js";
import { clearCells, fillDown, fillRight, fillWith } from "./transfer.js";
import { TypedRow } from "./typed_row.js";
import { isEmpty } from "./values.js";

const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
// In pages and in rows' widths.
const wideSteps = { Home: [0, -1], End: [0, 1], PageUp: [-1, 0], PageDown: [1, 0] };

/** Today as an ISO date in the user's own time zone. */
export function today(now = new Date()) {
  const pad = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/**
 * Listen to the grid's keys.
 * @param {object} app grid, sheet, selection and the actions by name
 */
export function listenToKeys(app) {
  app.typedRow = new TypedRow();
  app.container.addEventListener("mousedown", () => app.typedRow.forget());
  app.grid.onKeyDown.subscribe((event) => {
    const key = event.getNativeEvent();
    if (key.isComposing || !handleKey(app, key)) return;
    event.stopImmediatePropagation();
    key.preventDefault();
    key.stopPropagation();
  });
  app.container.addEventListener("keydown", (event) => onEdgeKey(app, event));
  document.addEventListener("keydown", (event) => onPageKey(app, event));
}

/** Whether a key takes somebody who has left the cells by Esc back into the active one. */
export function leadsBack({ key, ctrlKey, metaKey }) {
  if (ctrlKey || metaKey) return !["c", "s", "f", "h", "v", "x", "y", "z"].includes(key.toLowerCase());
  const isMove = key in steps || ["Home", "End", "PageUp", "PageDown"].includes(key);
  return isMove || ["Enter", "F2", "Delete", "Backspace"].includes(key) || (key.length === 1 && key !== "?");
}

// After Esc the focus is on the grid's edge. Any key of the cells goes on in the active one.
function onEdgeKey({ container, view }, event) {
  if (event.target !== container || event.isComposing || !leadsBack(event)) return;
  if (!view.enterAgain()) return;
  event.stopPropagation();
  const again = new KeyboardEvent(event.type, event);
  // SlickGrid knows keys by their number, which a made event does not take over.
  for (const name of ["keyCode", "which"]) Object.defineProperty(again, name, { value: event[name] });
  if (!document.activeElement.dispatchEvent(again)) event.preventDefault();
}

function onPageKey({ actions }, event) {
  // A dialog has its own keys; nothing behind it is changed, taken back or left meanwhile.
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    actions["save-now"]();
  } else if ((event.ctrlKey || event.metaKey) && ["f", "h"].includes(event.key)) {
    event.preventDefault();
    actions[event.key === "f" ? "find" : "find-replace"]();
  } else if ((event.ctrlKey || event.metaKey) && ["y", "z"].includes(event.key.toLowerCase()) && !isTyping) {
    // Taking back needs no active cell.
    event.preventDefault();
    actions[event.key.toLowerCase() === "z" && !event.shiftKey ? "undo" : "redo"]();
  } else if (event.key === "F8") {
    event.preventDefault();
    actions[event.shiftKey && actions["next-item"] ? "next-item" : "next-error"]();
  } else if (event.key === "?" && !isTyping) actions.help();
}

function handleKey(app, event) {
  const editor = app.grid.getCellEditor();
  const isEditing = Boolean(editor?.isEditing);
  app.typedRow.onKey(event, app.grid.getActiveCell());
  if (event.ctrlKey || event.metaKey) return handleControlKey(app, event, isEditing);
  if (event.shiftKey && event.key in steps && !isEditing) {
    app.selection.extend(...steps[event.key]);
    return true;
  }
  if (event.shiftKey && event.key in wideSteps && !isEditing) return extendFar(app, event.key);
  if (event.key === "Enter") return handleEnter(app, event, isEditing);
  if (event.key === "Escape") return handleEscape(app, editor, isEditing);
  if (event.key === "F2") return startEditing(editor);
  if (isEditing) return false;
  if (event.key === "Delete") return clearSelection(app);
  if (event.key === "Backspace") return startEditing(editor, { clear: true });
  if (event.key === "Home" || event.key === "End") return moveInRow(app, event.key);
  if (event.key === " " && event.shiftKey) return selectRow(app);
  if (event.key === " " && app.selection.isBlock()) return true;
  return false;
}

function handleControlKey(app, event, isEditing) {
  const { actions, selection, sheet } = app;
  if (event.key === ";") return insertToday(app);
  if (event.key === "Enter") return isEditing && fillTyped(app);
  if (isEditing) return false;
  if (event.key in steps || event.key === "Home" || event.key === "End") return jump(app, event);
  switch (event.key.toLowerCase()) {
    case "z":
      actions[event.shiftKey ? "redo" : "undo"]();
      return true;
    case "y":
      actions.redo();
      return true;
    case "d":
      fillDown(sheet, selection.block());
      return true;
    case "r":
      fillRight(sheet, selection.block());
      return true;
    case "c":
      if (event.shiftKey) copyWithHeadings(app);
      return event.shiftKey;
    case "a":
      selection.selectAll();
      return true;
    default:
      return false;
  }
}

function handleEnter({ grid, actions, typedRow }, event, isEditing) {
  if (event.altKey) return false;
  if (event.shiftKey && !isEditing) {
    actions["toggle-detail"]();
    return true;
  }
  if (event.shiftKey) grid.navigateUp();
  else goDown(grid, typedRow.take(grid.getActiveCell()));
  return true;
}

function goDown(grid, cell) {
  grid.navigateDown();
  const active = grid.getActiveCell();
  if (active && active.cell !== cell) grid.setActiveCell(active.row, cell);
}

// What is being typed goes into all selected cells, as one command.
function fillTyped({ grid, sheet, selection, view }) {
  const { row, cell } = grid.getActiveCell();
  const source = sheet.fields[cell - 1];
  const value = view.busyEditor().currentValue();
  const block = selection.block();
  if (!selection.isBlock()) view.commit();
  else {
    view.busyEditor().cancelEditing();
    fillWith(sheet, block, { row: sheet.at(row), field: source, value });
  }
  return true;
}

// With Shift to the edge of the row, or a page up and down.
function extendFar({ grid, sheet, selection }, key) {
  const { top, bottom } = grid.getViewport();
  const [rowPages, cells] = wideSteps[key];
  selection.extend(rowPages * Math.max(1, bottom - top - 1), cells * sheet.fields.length);
  return true;
}

// First Esc gives the old text back; from a selected cell, Esc and then Tab leave the grid, any other
// key goes on in the cell.
function handleEscape({ grid, selection, leaveGrid }, editor, isEditing) {
  if (isEditing) editor.cancelEditing();
  else if (selection.isBlock()) selection.collapse();
  else if (grid.getActiveCell()) leaveGrid();
  else return false;
  return true;
}

function startEditing(editor, options) {
  if (!editor) return false;
  editor.startEditing(options);
  return true;
}

function clearSelection({ sheet, selection }) {
  const block = selection.block();
  if (block) clearCells(sheet, block);
  return true;
}

function moveInRow({ grid, sheet }, key) {
  const { row } = grid.getActiveCell();
  // Frozen columns are always in view: bring the first of the others into view as well.
  if (key === "Home") grid.scrollCellIntoView(row, grid.getOptions().frozenColumn + 1);
  grid.setActiveCell(row, key === "Home" ? 1 : sheet.fields.length);
  return true;
}

function selectRow({ grid, selection }) {
  const { row } = grid.getActiveCell();
  selection.select({ row, cell: 1 }, { row, cell: 1 }, { isWholeRows: true });
  return true;
}

// To the edge of the filled cells, as far as they are loaded; Home and End go to the corners.
function jump(app, event) {
  const { grid, sheet, selection } = app;
  const [rowStep, cellStep] = steps[event.key] ?? [0, 0];
  const from = (event.shiftKey && selection.focus) || grid.getActiveCell();
  const last = { row: Math.max(0, sheet.store.length - 1), cell: sheet.fields.length };
  let place = event.key === "Home" ? { row: 0, cell: 1 } : last;
  if (event.key in steps) place = edgeFrom(sheet, from, rowStep, cellStep, last);
  if (event.shiftKey) {
    selection.extend(place.row - from.row, place.cell - from.cell);
  } else {
    grid.scrollCellIntoView(place.row, place.cell);
    grid.setActiveCell(place.row, place.cell);
  }
  return true;
}

function edgeFrom(sheet, { row, cell }, rowStep, cellStep, last) {
  const isFilled = (place) => !isEmpty(sheet.at(place.row)?.values[sheet.fields[place.cell - 1]?.code]);
  const next = (place) => ({ row: place.row + rowStep, cell: place.cell + cellStep });
  const isInside = (place) =>
    place.row >= 0 && place.row <= last.row && place.cell >= 1 && place.cell <= last.cell;
  let place = { row, cell };
  if (!isInside(next(place))) return place;
  // Inside a filled stretch to its end, else to where the next one begins.
  const isInStretch = isFilled(place) && isFilled(next(place));
  place = next(place);
  while (isInside(next(place)) && isFilled(isInStretch ? next(place) : place) === isInStretch) place = next(place);
  return place;
}

function insertToday({ grid, sheet }) {
  const active = grid.getActiveCell();
  const field = active && sheet.fields[active.cell - 1];
  if (!field || (field.type !== "date" && field.type !== "yearmonth")) return false;
  const text = field.type === "date" ? today() : today().slice(0, 7);
  grid.getCellEditor()?.cancelEditing();
  sheet.setCells([{ row: sheet.at(active.row), field, value: text }]);
  return true;
}

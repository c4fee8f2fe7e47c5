/**
 * Keys of the grid, the ones people know from spreadsheets.
 */

import { clearCells, fillDown } from "./transfer.js";

const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

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
  app.grid.onKeyDown.subscribe((event) => {
    const key = event.getNativeEvent();
    if (key.isComposing || !handleKey(app, key)) return;
    event.stopImmediatePropagation();
    key.preventDefault();
    key.stopPropagation();
  });
  document.addEventListener("keydown", (event) => onPageKey(app, event));
}

function onPageKey({ actions }, event) {
  if (event.defaultPrevented) return;
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    actions["save-now"]();
  } else if (event.key === "F8") {
    event.preventDefault();
    actions["next-error"]();
  } else if (event.key === "?" && !isTyping) actions.help();
}

function handleKey(app, event) {
  const editor = app.grid.getCellEditor();
  const isEditing = Boolean(editor?.isEditing);
  if (event.ctrlKey || event.metaKey) return handleControlKey(app, event, isEditing);
  if (event.shiftKey && event.key in steps && !isEditing) {
    app.selection.extend(...steps[event.key]);
    return true;
  }
  if (event.key === "Enter") return handleEnter(app, event, isEditing);
  if (event.key === "Escape") return handleEscape(app, editor, isEditing);
  if (event.key === "F2") return startEditing(editor);
  if (isEditing) return false;
  if (event.key === "Delete") return clearSelection(app);
  if (event.key === "Backspace") return startEditing(editor, { clear: true });
  if (event.key === "Home" || event.key === "End") return moveInRow(app, event.key);
  if (event.key === " " && app.selection.isBlock()) return true;
  return false;
}

function handleControlKey(app, event, isEditing) {
  const { actions, selection, sheet } = app;
  if (event.key === ";") return insertToday(app);
  if (isEditing) return false;
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
    case "a":
      selection.selectAll();
      return true;
    default:
      return false;
  }
}

function handleEnter({ grid, actions }, event, isEditing) {
  if (event.altKey) return false;
  if (event.shiftKey && !isEditing) {
    actions["toggle-detail"]();
    return true;
  }
  if (event.shiftKey) grid.navigateUp();
  else grid.navigateDown();
  return true;
}

// First Esc gives the old text back; from a selected cell, Esc and then Tab leave the grid.
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

function insertToday({ grid, sheet }) {
  const active = grid.getActiveCell();
  const field = active && sheet.fields[active.cell - 1];
  if (!field || (field.type !== "date" && field.type !== "yearmonth")) return false;
  const text = field.type === "date" ? today() : today().slice(0, 7);
  grid.getCellEditor()?.cancelEditing();
  sheet.setCells([{ row: sheet.at(active.row), field, value: text }]);
  return true;
}

/**
 * Copy, cut and paste of the browser, when the focus is in the grid.
 */

import { notify } from "../common/dialog.js";
import { t } from "../common/messages.js";
import { clearCells, copyText, isForGrid, pasteText } from "./transfer.js";

const largestPaste = 50000;

/** Listen to the clipboard. */
export function listenToClipboard(app) {
  const isHere = () => app.container.contains(document.activeElement);
  document.addEventListener("copy", (event) => {
    if (isHere()) copy(app, event);
  });
  document.addEventListener("cut", (event) => {
    if (isHere() && copy(app, event)) clearCells(app.sheet, app.selection.block());
  });
  document.addEventListener("paste", (event) => {
    if (isHere()) paste(app, event);
  });
}

function copy(app, event) {
  const block = app.selection.block();
  if (!block || app.view.busyEditor()) return false;
  event.preventDefault();
  event.clipboardData.setData("text/plain", copyText(app.sheet, block));
  return true;
}

async function paste(app, event) {
  const text = event.clipboardData.getData("text/plain");
  const block = app.selection.block();
  if (!block || text === "" || !isForGrid(text, Boolean(app.view.busyEditor()))) return;
  event.preventDefault();
  if (!app.sheet.canEdit && !app.sheet.canAdd) {
    notify(app.sheet.spec.rights.edit ?? t("read_only"));
    return;
  }
  if (text.length > largestPaste * 40) {
    notify(t("paste_too_large"));
    return;
  }
  app.view.busyEditor()?.cancelEditing();
  const done = await pasteText({ sheet: app.sheet, store: app.store, block, text });
  if (done.rows === 1 && done.columns === 1 && done.outside === 0) return;
  report(app, block, done);
}

function report(app, block, { rows, columns, added, cells, dropped, outside }) {
  const anchor = { row: block.top, cell: block.left };
  const last = Math.min(block.left + columns - 1, app.sheet.fields.length);
  app.selection.select(anchor, { row: block.top + rows - 1, cell: last });
  const parts = [t("pasted", { rows, columns, cells })];
  if (added > 0) parts.push(t("pasted_added", { count: added }));
  if (dropped > 0) parts.push(t("pasted_dropped", { count: dropped }));
  if (outside > 0) parts.push(t("pasted_outside", { count: outside }));
  const undo = { label: t("undo"), run: () => app.actions.undo() };
  notify(parts.join(t("clause_separator")), { actions: [undo], seconds: 15 });
}

/**
 * Buttons with `data-action`, the search box, and what they may do now.
 */

import { notify } from "../common/dialog.js";
import { t } from "../common/messages.js";

const searchDelay = 400;

/** Listen to buttons anywhere on the page, and to `#grid-search`. */
export function listenToToolbar(app) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-action]");
    const action = button && app.actions[button.dataset.action];
    if (!action || button.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    action();
  });
  listenToSearch(app, document.getElementById("grid-search"));
}

function listenToSearch(app, box) {
  if (!box) return;
  let timer = null;
  const search = async () => {
    const wanted = box.value.trim();
    if (wanted === app.reading.wanted.q) return;
    const reason = await app.reading.show({ q: wanted });
    if (reason) notify(reason);
  };
  box.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(search, searchDelay);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    window.clearTimeout(timer);
    search();
  });
}

function setAvailable(action, isAvailable, reason = "") {
  for (const button of document.querySelectorAll(`[data-action="${action}"]`)) {
    button.setAttribute("aria-disabled", String(!isAvailable));
    button.classList.toggle("disabled", !isAvailable);
    button.dataset.title ??= button.title;
    button.title = isAvailable ? button.dataset.title : reason || button.dataset.title;
  }
}

/** Show which buttons can be used, why others cannot, the lock notice and the empty table. */
export function showToolbarState({ sheet, history, elements }) {
  const { rights } = sheet.spec;
  setAvailable("add-row", sheet.canAdd, sheet.lockReason ?? rights.add ?? "");
  setAvailable("delete-rows", sheet.canDelete || sheet.canAdd, sheet.lockReason ?? rights.delete ?? "");
  setAvailable("undo", history.canUndo);
  setAvailable("redo", history.canRedo);
  const reason = sheet.lockReason ?? (sheet.canEdit || sheet.canAdd ? null : rights.edit);
  if (elements.lock) {
    elements.lock.hidden = !reason;
    const text = elements.lock.querySelector("[data-reason]") ?? elements.lock;
    text.textContent = reason ?? "";
  }
  if (elements.empty) {
    elements.empty.hidden = sheet.store.length > 0;
    elements.empty.textContent = t(emptyKey(sheet));
  }
}

/**
 * Which text to show where no rows are: the ways of adding some that are open to the person. Of a
 * table of another system one may see a part only, and nothing fills it by import.
 */
export function emptyKey({ spec, store, canAdd }) {
  if (store.query.q || store.query.filter) return "empty_search";
  if (spec.kind === "adopted") return canAdd ? "empty_scope_can_add" : "empty_scope";
  if (!canAdd) return "empty_read_only";
  return spec.rights.import === null ? "empty_can_add" : "empty_can_type";
}

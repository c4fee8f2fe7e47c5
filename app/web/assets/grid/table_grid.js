/**
 * The visible grid: SlickGrid over the sheet, with our editors and our way of redrawing.
 */

import { SlickGrid } from "slickgrid";

import { t } from "../common/messages.js";
import { countFrozen, makeColumns } from "./columns.js";

const options = {
  rowHeight: 32,
  editable: true,
  autoEdit: true,
  enableCellNavigation: true,
  enableAddRow: false,
  enableColumnReorder: false,
  // Values are text, never markup.
  enableHtmlRendering: false,
  sanitizer: (text) => text,
  multiColumnSort: false,
  // Page keys and dragging belong to the selection of cells.
  emulatePagingWhenScrolling: false,
  enableTextSelectionOnCells: true,
  preventDragFromKeys: [],
  suppressCssChangesOnHiddenInit: true,
  rowTopOffsetRenderType: "top",
};

/** The grid on screen. */
export class TableGrid {
  /** @param {HTMLElement} container @param {object} sheet @param {object} picker */
  constructor(container, sheet, picker) {
    this.container = container;
    this.sheet = sheet;
    this.isCommitting = false;
    const provider = {
      getLength: () => sheet.length,
      getItem: (position) => sheet.at(position),
      getItemMetadata: (position) => this.#rowMetadata(position),
    };
    this.slick = new SlickGrid(container, provider, makeColumns(sheet, picker), {
      ...options,
      frozenColumn: countFrozen(sheet.fields, container.clientWidth),
      nonce: document.querySelector('meta[name="style-nonce"]')?.content ?? "",
      editCommandHandler: (row, column, command) => this.#commit(row, column, command),
    });
    this.slick.onBeforeEditCell.subscribe((event, { item, column }) =>
      sheet.isEditable(item, column.statedataField),
    );
    container.addEventListener("dblclick", (event) => this.#onDoubleClick(event));
    container.setAttribute("aria-label", sheet.spec.name);
    container.setAttribute("aria-colcount", String(sheet.fields.length + 1));
    this.#letFocusIn();
    new ResizeObserver(() => this.#resize()).observe(container);
    this.slick.onActiveCellChanged.subscribe(() => {
      if (this.isResizeDue) this.#resize();
    });
  }

  // Fitting to a new size closes the editor, so it waits while something is being typed.
  #resize() {
    this.isResizeDue = Boolean(this.busyEditor());
    if (this.isResizeDue) return;
    const hadFocus = this.container.contains(document.activeElement);
    const active = this.slick.getActiveCell();
    this.slick.resizeCanvas();
    if (active) this.#activateAgain(active, hadFocus);
  }

  #rowMetadata(position) {
    const row = this.sheet.at(position);
    if (!row) return { cssClasses: "is-waiting" };
    return this.sheet.isPlaceholder(row) ? { cssClasses: "is-placeholder" } : null;
  }

  #commit(row, column, command) {
    this.isCommitting = true;
    this.sheet.setCells([{ row, field: column.statedataField, value: command.serializedValue }]);
    this.isCommitting = false;
  }

  #onDoubleClick(event) {
    if (event.target.closest(".slick-cell")) this.slick.getCellEditor()?.startEditing();
  }

  /** The editor when text is being typed or changed, else null. */
  busyEditor() {
    const editor = this.slick.getCellEditor();
    return editor?.isEditing ? editor : null;
  }

  /** Take over what is being typed; the cell stays the active one. */
  commit() {
    if (!this.busyEditor()) return;
    const active = this.slick.getActiveCell();
    const hadFocus = this.container.contains(document.activeElement);
    this.slick.getEditorLock().commitCurrentEdit();
    this.#activateAgain(active, hadFocus);
  }

  /** Redraw rows whose values or states changed, without disturbing what is being typed. */
  refreshRows(rows) {
    for (const row of rows) {
      const position = this.sheet.isPlaceholder(row)
        ? this.sheet.store.length
        : this.sheet.store.positionOf(row);
      if (position >= 0) this.slick.updateRow(position);
    }
  }

  /** Redraw everything after rows came, went or moved; what is being typed is taken over first. */
  redraw() {
    if (!this.isCommitting) this.commit();
    const hadFocus = this.container.contains(document.activeElement);
    const active = this.slick.getActiveCell();
    this.slick.updateRowCount();
    this.slick.invalidateAllRows();
    this.slick.render();
    this.container.setAttribute("aria-rowcount", String(this.sheet.length + 1));
    this.shownLength = this.sheet.length;
    if (active && !this.isCommitting) this.#activateAgain(active, hadFocus);
  }

  #activateAgain({ row, cell }, hadFocus) {
    const last = this.sheet.length - 1;
    if (last < 0) return;
    const position = Math.min(row, last);
    // Opening an editor takes the focus; it must not be taken from another part of the page.
    if (hadFocus) this.slick.setActiveCell(position, cell);
    else this.slick.setActiveCell(position, cell, false, false, true);
  }

  /** Draw rows whose page has come. */
  drawLoaded(positions) {
    if (this.shownLength !== this.sheet.length) {
      this.redraw();
      return;
    }
    const active = this.slick.getActiveCell();
    const isWaiting = active && !this.slick.getCellEditor();
    const hadFocus = this.container.contains(document.activeElement);
    this.slick.invalidateRows(positions.filter((row) => isWaiting || row !== active?.row));
    this.slick.render();
    if (isWaiting && positions.includes(active.row) && hadFocus) {
      this.slick.setActiveCell(active.row, active.cell);
    }
  }

  /** Put the active cell somewhere and show it. */
  goTo(position, cell) {
    this.commit();
    this.slick.scrollRowIntoView(position, false);
    this.slick.setActiveCell(position, cell);
  }

  // The grid keeps the Tab key; Esc gives it back: its two focus catchers step aside until the
  // focus has really left.
  leave() {
    this.slick.resetActiveCell();
    const catchers = this.#focusCatchers();
    for (const catcher of catchers) catcher.tabIndex = -1;
    this.container.tabIndex = -1;
    this.container.focus();
    this.container.addEventListener(
      "focusout",
      () => {
        for (const catcher of catchers) catcher.tabIndex = 0;
      },
      { once: true },
    );
  }

  #focusCatchers() {
    return [...this.container.querySelectorAll(":scope > [tabindex='0']")];
  }

  #letFocusIn() {
    const describe = t("grid_hint");
    // The scrolled areas are no stops of their own: the active cell scrolls them.
    for (const area of this.container.querySelectorAll(".slick-viewport, .grid-canvas")) {
      area.tabIndex = -1;
    }
    for (const catcher of this.#focusCatchers()) {
      catcher.setAttribute("role", "button");
      catcher.setAttribute("aria-label", describe);
      catcher.addEventListener("focus", () => {
        if (!this.slick.getActiveCell() && this.sheet.length > 0) this.slick.setActiveCell(0, 1);
      });
    }
  }
}

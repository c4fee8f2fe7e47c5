/**
 * The visible grid: SlickGrid over the sheet, with our editors and our way of redrawing.
 */

import { SlickGrid } from "slickgrid";

import { t } from "../common/messages.js";
import { makeColumns } from "./columns.js";
import "./sortable.js";

const options = {
  rowHeight: 32,
  editable: true,
  autoEdit: true,
  enableCellNavigation: true,
  enableAddRow: false,
  enableColumnReorder: true,
  // The layout sees to it that something can still be scrolled.
  skipFreezeColumnValidation: true,
  // Values are text, never markup.
  enableHtmlRendering: false,
  sanitizer: (text) => text,
  multiColumnSort: false,
  // For the totals; hidden until somebody asks for them.
  createFooterRow: true,
  showFooterRow: false,
  footerRowHeight: 66,
  // Page keys and dragging belong to the selection of cells.
  emulatePagingWhenScrolling: false,
  enableTextSelectionOnCells: true,
  preventDragFromKeys: [],
  suppressCssChangesOnHiddenInit: true,
  rowTopOffsetRenderType: "top",
};

/** The grid on screen. */
export class TableGrid {
  /**
   * @param {HTMLElement} container
   * @param {object} sheet
   * @param {object} picker
   * @param {object} layout which columns are shown, and how
   */
  constructor(container, sheet, picker, layout) {
    this.container = container;
    this.sheet = sheet;
    this.picker = picker;
    this.layout = layout;
    /** Called after somebody dragged a heading or its edge. */
    this.onArranged = () => {};
    /** Called with row, field and value after somebody typed into a cell. */
    this.onTyped = () => {};
    this.isCommitting = false;
    this.isLeft = false;
    const provider = {
      getLength: () => sheet.length,
      getItem: (position) => sheet.at(position),
      getItemMetadata: (position) => this.#rowMetadata(position),
    };
    this.slick = new SlickGrid(container, provider, makeColumns(sheet, picker, layout), {
      ...options,
      frozenColumn: layout.countFrozen(container.clientWidth),
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
    this.#listenToArranging();
    new ResizeObserver(() => this.#resize()).observe(container);
    this.slick.onActiveCellChanged.subscribe(() => {
      this.isLeft = false;
      if (this.isResizeDue) this.#resize();
    });
  }

  #listenToArranging() {
    const readWidths = () => {
      for (const { id, width } of this.slick.getColumns().slice(1)) this.layout.setWidth(id, width);
      this.onArranged();
    };
    this.slick.onColumnsResized.subscribe(readWidths);
    this.slick.onColumnsReordered.subscribe(() => {
      this.layout.reorderShown(this.slick.getColumns().slice(1).map(({ id }) => id));
      this.onArranged();
    });
  }

  /** Show the columns as the layout has them now. */
  arrange() {
    this.commit();
    this.slick.resetActiveCell();
    const columns = makeColumns(this.sheet, this.picker, this.layout);
    // First the columns: the position up to which they are frozen is one among the new ones.
    this.slick.setOptions({ frozenColumn: -1 }, true, true, true);
    this.slick.setColumns(columns);
    this.slick.setOptions({ frozenColumn: this.layout.countFrozen(this.container.clientWidth) });
    this.container.setAttribute("aria-colcount", String(columns.length));
    this.redraw();
  }

  // Fitting to a new size closes the editor, so it waits while something is being typed.
  #resize() {
    this.isResizeDue = Boolean(this.busyEditor());
    if (this.isResizeDue) return;
    const hadFocus = this.#hasFocus();
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
    const field = column.statedataField;
    const typed = field.codes || field.type === "boolean" ? undefined : command.editor?.input?.value;
    this.sheet.setCells([{ row, field, value: command.serializedValue, typed }]);
    this.isCommitting = false;
    this.onTyped(row, field, command.serializedValue);
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
    const hadFocus = this.#hasFocus();
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

  /** Draw rows again of which something else is said, as far as they are in view. */
  refreshStates(rows) {
    const { top, bottom } = this.slick.getRenderedRange();
    const inView = (row) => {
      const position = this.sheet.store.positionOf(row);
      return position >= top && position <= bottom;
    };
    this.refreshRows(rows.filter(inView));
  }

  /** Redraw everything after rows came, went or moved; what is being typed is taken over first. */
  redraw() {
    if (!this.isCommitting) this.commit();
    const hadFocus = this.#hasFocus();
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
    const hadFocus = this.#hasFocus();
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

  // Whoever left with Esc is on the grid's edge, not in a cell.
  #hasFocus() {
    return !this.isLeft && this.container.contains(document.activeElement);
  }

  // The grid keeps the Tab key; Esc gives it back: its two focus catchers step aside until the
  // focus has really left. The cell stays the active one, for whoever goes on in it.
  leave() {
    this.slick.getEditorLock().cancelCurrentEdit();
    this.isLeft = true;
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

  /** Go on in the active cell after leaving; answers whether there was one to go on in. */
  enterAgain() {
    const active = this.slick.getActiveCell();
    this.isLeft = false;
    if (!active || active.row >= this.sheet.length) return false;
    this.slick.setActiveCell(active.row, active.cell);
    return true;
  }

  #focusCatchers() {
    return [...this.container.querySelectorAll(":scope > [tabindex='0']")];
  }

  // Opening an editor while a heading is pressed would take the drag out of the hand.
  #letFocusIn() {
    this.container.addEventListener(
      "pointerdown",
      (event) => {
        this.isHeadingPressed = Boolean(event.target.closest(".slick-header"));
      },
      { capture: true },
    );
    for (const name of ["keydown", "pointerup", "dragend"]) {
      document.addEventListener(name, () => (this.isHeadingPressed = false), { capture: true });
    }
    const describe = t("grid_hint");
    // The scrolled areas are no stops of their own: the active cell scrolls them.
    for (const area of this.container.querySelectorAll(".slick-viewport, .grid-canvas")) {
      area.tabIndex = -1;
    }
    for (const catcher of this.#focusCatchers()) {
      catcher.setAttribute("role", "button");
      catcher.setAttribute("aria-label", describe);
      catcher.addEventListener("focus", () => {
        const isEntered = this.isLeft || !this.slick.getActiveCell();
        if (!isEntered || this.isHeadingPressed || this.enterAgain()) return;
        if (this.sheet.length > 0) this.slick.setActiveCell(0, 1);
      });
    }
  }
}

/**
 * The small square at the corner of the selection: dragging it fills the cells it passes, a double
 * click fills down to the end of the neighbouring column.
 */

import { notify } from "../common/dialog.js";
import { make } from "../common/dom.js";
import { t } from "../common/messages.js";
import { endOfNeighbour, fillEdits, fillTarget } from "./fill.js";
import { offerUndo } from "./undo_offer.js";

const styleKey = "fill";
const fewest = 2;
const lineWidth = 6;

/** The handle of one grid. */
export class FillHandle {
  /** @param {object} app grid, sheet, store, selection, view and actions */
  constructor(app) {
    this.app = app;
    this.target = null;
    this.element = make("div", { class: "fill-handle", title: t("fill_handle"), hidden: true });
    this.app.container.append(this.element);
    this.element.addEventListener("pointerdown", (event) => this.#begin(event));
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    this.element.addEventListener("pointermove", (event) => this.#move(event));
    this.element.addEventListener("pointerup", (event) => this.#end(event));
    this.element.addEventListener("pointercancel", () => this.#give(null));
    this.element.addEventListener("dblclick", (event) => this.#fillDown(event));
    app.grid.onScroll.subscribe(() => this.place());
    app.grid.onRendered.subscribe(() => this.place());
    app.grid.onColumnsResized.subscribe(() => this.place());
  }

  /** Put the handle at the corner of the selection, or away when that is not in view. */
  place() {
    const { sheet, selection, grid, container } = this.app;
    const block = selection?.block();
    const mayFill = block && !selection.isWholeRows && (sheet.canEdit || sheet.canAdd);
    const node = mayFill ? grid.getCellNode(block.bottom, block.right) : null;
    const viewport = node?.closest(".slick-viewport");
    if (!viewport) {
      this.element.hidden = true;
      return;
    }
    const cell = node.getBoundingClientRect();
    const seen = viewport.getBoundingClientRect();
    const isSeen =
      cell.bottom <= seen.bottom + 1 && cell.top >= seen.top - 1 && cell.right <= seen.right + 1 && cell.right > seen.left;
    this.element.hidden = !isSeen;
    const frame = container.getBoundingClientRect();
    this.element.style.left = `${cell.right - frame.left - container.clientLeft - 5}px`;
    this.element.style.top = `${cell.bottom - frame.top - container.clientTop - 5}px`;
  }

  #begin(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.app.view.commit();
    this.source = this.app.selection.block();
    this.element.setPointerCapture(event.pointerId);
  }

  #move(event) {
    if (!this.source) return;
    const { grid } = this.app;
    const cell = this.#cellAt(event.clientX, event.clientY);
    const place = cell && grid.getCellFromEvent({ target: cell });
    if (!place) return;
    this.#give(fillTarget(this.source, { row: place.row, cell: Math.max(1, place.cell) }));
    grid.scrollCellIntoView(place.row, Math.max(1, place.cell));
  }

  // The handle itself and the line beside the frozen columns are no cells: what is next to them counts.
  #cellAt(x, y) {
    const around = [0, -lineWidth, lineWidth].flatMap((aside) => document.elementsFromPoint(x + aside, y));
    const found = around.map((element) => element.closest(".slick-cell"));
    return found.find((cell) => cell && this.app.container.contains(cell));
  }

  #give(target) {
    this.target = target;
    const hash = {};
    if (target) {
      const columns = this.app.grid.getColumns().slice(target.left, target.right + 1);
      const styles = Object.fromEntries(columns.map(({ id }) => [id, "is-filling"]));
      for (let row = target.top; row <= target.bottom; row += 1) hash[row] = styles;
    }
    this.app.grid.setCellCssStyles(styleKey, hash);
  }

  #end(event) {
    const { source, target } = this;
    this.source = null;
    this.#give(null);
    if (source && target) this.fill(source, target, { isToggled: event.ctrlKey || event.metaKey });
  }

  async #fillDown(event) {
    event.stopPropagation();
    const { app } = this;
    const block = app.selection.block();
    const end = await endOfNeighbour(app.sheet, app.store, block);
    if (end === block.bottom) notify(t("fill_no_neighbour"));
    else await this.fill(block, { ...block, top: block.bottom + 1, bottom: end, way: "down" });
  }

  /** Carry the fill out; one undo takes it back. */
  async fill(source, target, options = {}) {
    const { app } = this;
    await app.store.ensure(target.top, target.bottom);
    const count = app.sheet.setCells(fillEdits(app.sheet, source, target, options));
    app.selection.select(
      { row: Math.min(source.top, target.top), cell: Math.min(source.left, target.left) },
      { row: Math.max(source.bottom, target.bottom), cell: Math.max(source.right, target.right) },
    );
    this.place();
    if (count >= fewest) this.#tell(count, source, target, options);
  }

  #tell(count, source, target, options) {
    const asCopies = {
      label: t("fill_copy"),
      run: () => {
        this.app.actions.undo();
        this.fill(source, target, { isCopied: true });
      },
    };
    offerUndo(this.app, t("filled", { count }), options.isCopied ? [] : [asCopies]);
  }
}

/**
 * A block of selected cells: dragging, Shift with arrows or a click, whole rows by their number.
 * The active cell is one corner of the block; the other corner moves.
 */

const styleKey = "selection";

/** Selected block of a grid. Columns are positions in the grid, the row number column is 0. */
export class Selection {
  /** @param {object} grid @param {function(): void} onChange @param {function(): number} countRows */
  constructor(grid, onChange, countRows = () => grid.getDataLength()) {
    this.grid = grid;
    this.countRows = countRows;
    this.onChange = onChange;
    this.anchor = null;
    this.focus = null;
    this.isWholeRows = false;
    this.isDragging = false;
    const container = grid.getContainerNode();
    container.addEventListener("mousedown", (event) => this.#onMouseDown(event));
    document.addEventListener("mousemove", (event) => this.#onMouseMove(event));
    document.addEventListener("mouseup", () => {
      this.isDragging = false;
    });
    // The press has selected already; the click after it would make its cell the active one.
    grid.onClick.subscribe((event) => {
      if (event.getNativeEvent().shiftKey && this.anchor) event.stopImmediatePropagation();
    });
    grid.onActiveCellChanged.subscribe((event, { row, cell }) => this.#onActiveCell(row, cell));
  }

  /** The block as {top, bottom, left, right}, or null. */
  block() {
    if (!this.anchor || !this.focus) return null;
    return {
      top: Math.min(this.anchor.row, this.focus.row),
      bottom: Math.max(this.anchor.row, this.focus.row),
      left: this.isWholeRows ? 1 : Math.min(this.anchor.cell, this.focus.cell),
      right: this.isWholeRows ? this.#lastCell() : Math.max(this.anchor.cell, this.focus.cell),
    };
  }

  /** True when more than one cell is selected. */
  isBlock() {
    const block = this.block();
    return block !== null && (block.top !== block.bottom || block.left !== block.right);
  }

  /** Shrink to the active cell. */
  collapse() {
    const active = this.grid.getActiveCell();
    this.anchor = active ? { row: active.row, cell: active.cell } : null;
    this.focus = this.anchor;
    this.isWholeRows = false;
    this.#show();
  }

  /** Select from the active cell to a place. */
  select(anchor, focus, { isWholeRows = false } = {}) {
    this.anchor = anchor;
    this.focus = focus;
    this.isWholeRows = isWholeRows;
    this.#show();
  }

  /** Move the free corner with Shift and an arrow. */
  extend(rowStep, cellStep) {
    if (!this.focus) return;
    const row = clamp(this.focus.row + rowStep, 0, this.grid.getDataLength() - 1);
    const cell = clamp(this.focus.cell + cellStep, 1, this.#lastCell());
    this.focus = { row, cell };
    this.grid.scrollCellIntoView(row, cell);
    this.#show();
  }

  selectAll() {
    this.select({ row: 0, cell: 1 }, { row: this.#lastRow(), cell: this.#lastCell() });
  }

  #lastRow() {
    return Math.max(0, this.countRows() - 1);
  }

  #lastCell() {
    return this.grid.getColumns().length - 1;
  }

  #onActiveCell(row, cell) {
    if (this.isDragging || row === undefined) return;
    this.anchor = { row, cell };
    this.focus = this.anchor;
    this.isWholeRows = false;
    this.#show();
  }

  #onMouseDown(event) {
    if (event.button !== 0 || event.target.closest(".cell-button")) return;
    const place = this.grid.getCellFromEvent(event);
    if (!place) return;
    const active = this.grid.getActiveCell();
    const isActive = active?.row === place.row && active?.cell === place.cell;
    const editor = this.grid.getCellEditor();
    if (isActive && editor?.isEditing) return;
    // The focus stays in the input of the active cell; a press must not move it to the page.
    event.preventDefault();
    if (event.shiftKey && this.anchor) {
      this.focus = place.cell === 0 ? { row: place.row, cell: this.#lastCell() } : place;
      this.isWholeRows ||= place.cell === 0;
      this.#show();
      event.stopPropagation();
      return;
    }
    this.#activate(place, isActive);
    this.isDragging = true;
  }

  #activate(place, isActive) {
    const isWholeRows = place.cell === 0;
    const cell = isWholeRows ? 1 : place.cell;
    if (!isActive) this.grid.setActiveCell(place.row, cell);
    this.select({ row: place.row, cell }, { row: place.row, cell }, { isWholeRows });
  }

  #onMouseMove(event) {
    if (!this.isDragging || !(event.target instanceof Element)) return;
    if (event.buttons === 0) {
      this.isDragging = false;
      return;
    }
    if (!this.grid.getContainerNode().contains(event.target)) return;
    const place = this.grid.getCellFromEvent(event);
    if (!place || (place.row === this.focus?.row && place.cell === this.focus?.cell)) return;
    this.focus = { row: place.row, cell: Math.max(1, place.cell) };
    this.grid.scrollCellIntoView(place.row, this.focus.cell);
    this.#show();
  }

  #show() {
    const block = this.isBlock() ? this.block() : null;
    const hash = {};
    if (block) {
      const columns = this.grid.getColumns().slice(block.left, block.right + 1);
      const styles = Object.fromEntries(columns.map(({ id }) => [id, "is-selected"]));
      for (let row = block.top; row <= block.bottom; row += 1) hash[row] = styles;
    }
    this.grid.setCellCssStyles(styleKey, hash);
    this.onChange();
  }
}

function clamp(value, lowest, highest) {
  return Math.max(lowest, Math.min(highest, value));
}

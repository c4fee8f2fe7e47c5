/**
 * Tables as Excel, WPS, LibreOffice, Word and pages put them on the clipboard beside the plain text.
 * They tell what the plain text does not: which lines belong to one cell, which cells are merged,
 * and the number behind "####" or "3.2E+17". The HTML is read, never shown: nothing in it runs.
 */

const blocks = new Set(["P", "DIV", "LI", "TR", "UL", "OL", "H1", "H2", "H3", "H4", "H5", "H6"]);
const mostColumns = 1000;
// What spreadsheets show in place of a number that finds no room.
const withoutRoom = /^(#+|[+-]?\d(\.\d+)?E\+\d+)$/i;

/**
 * The cells of the only table of the HTML: a merged cell has its text at its upper left place, its
 * other places are empty.
 * @param {string} html
 * @returns {string[][]|null} null when there is no table, or more around it
 */
export function parseTable(html) {
  if (!/<table/i.test(html)) return null;
  const body = new DOMParser().parseFromString(html, "text/html").body;
  const tables = [...body.querySelectorAll("table")].filter((table) => !table.parentElement.closest("table"));
  if (tables.length !== 1 || hasMoreThan(body, tables[0])) return null;
  const rows = layOut(tables[0]);
  return rows.length > 0 ? rows : null;
}

// A table in the middle of an article: its plain text keeps what stands around it.
function hasMoreThan(body, table) {
  const around = body.cloneNode(true);
  around.querySelector("table").remove();
  around.querySelectorAll("style, script, title").forEach((element) => element.remove());
  return around.textContent.trim() !== "" && table.rows.length > 0;
}

function layOut(table) {
  const lines = [...table.rows].filter((row) => row.closest("table") === table);
  const grid = lines.map(() => []);
  lines.forEach((line, top) => {
    let left = 0;
    for (const cell of line.cells) {
      while (grid[top][left] !== undefined) left += 1;
      place(grid, cell, top, left);
      left += 1;
    }
  });
  const width = Math.max(0, ...grid.map((row) => row.length));
  return grid.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ""));
}

function place(grid, cell, top, left) {
  const down = Math.min(cell.rowSpan || 1, grid.length - top);
  const across = Math.min(cell.colSpan, mostColumns);
  for (let row = top; row < top + down; row += 1) {
    for (let column = left; column < left + across; column += 1) grid[row][column] ??= "";
  }
  grid[top][left] = cellText(cell);
}

function cellText(cell) {
  const pieces = [];
  write(cell, pieces);
  // White space is as in HTML: one space for any of it, none around line ends.
  const text = pieces
    .join("")
    .replace(/[ \t\r\f]+/g, " ")
    .replace(/ *\n */g, "\n")
    .replace(/^\n+|\n+$/g, "")
    .replace(/\u00a0/g, " ");
  const number = cell.getAttribute("x:num") || cell.getAttribute("sdval");
  return number && withoutRoom.test(text.trim()) ? plainNumber(number) : text.trim();
}

// Excel writes long numbers with an exponent; as digits they are what was typed.
function plainNumber(text) {
  const number = Number(text);
  if (!/e/i.test(text) || !Number.isSafeInteger(number)) return text;
  return String(number);
}

function write(node, pieces) {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) pieces.push(child.data.replace(/[\r\n]+/g, " "));
    else if (child.nodeName === "BR") pieces.push("\n");
    else if (child.nodeType === Node.ELEMENT_NODE && !isHidden(child)) {
      const isBlock = blocks.has(child.nodeName);
      if (isBlock && pieces.length > 0 && pieces.at(-1) !== "\n") pieces.push("\n");
      write(child, pieces);
      if (isBlock) pieces.push("\n");
    }
  }
}

function isHidden(element) {
  return element.nodeName === "STYLE" || element.nodeName === "SCRIPT";
}

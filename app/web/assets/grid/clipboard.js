/**
 * Blocks of cells as text, the way spreadsheets put them on the clipboard: tabs between cells,
 * line ends between rows, cells with tabs, line ends or quotes inside double quotes.
 */

/**
 * Read a block. A quoted cell may hold line ends and doubled quotes; CRLF, LF and CR end a row;
 * the empty row after the last line end is not a row.
 * @param {string} text
 * @returns {string[][]}
 */
export function parseBlock(text) {
  const rows = [];
  let row = [];
  let position = 0;
  while (position < text.length) {
    const cell = readCell(text, position);
    row.push(cell.value);
    position = cell.end;
    if (text[position] === "\t") {
      position += 1;
      if (position === text.length) row.push("");
      continue;
    }
    rows.push(row);
    row = [];
    position += text.startsWith("\r\n", position) ? 2 : 1;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function readCell(text, start) {
  if (text[start] === '"') {
    const quoted = readQuotedCell(text, start);
    if (quoted) return quoted;
  }
  let end = start;
  while (end < text.length && !"\t\r\n".includes(text[end])) end += 1;
  return { value: text.slice(start, end), end };
}

// Null when the quotes do not close right before a cell's end: then they are ordinary characters.
function readQuotedCell(text, start) {
  let value = "";
  let position = start + 1;
  while (position < text.length) {
    if (text[position] !== '"') {
      value += text[position];
      position += 1;
    } else if (text[position + 1] === '"') {
      value += '"';
      position += 2;
    } else {
      const end = position + 1;
      const isClosed = end === text.length || "\t\r\n".includes(text[end]);
      return isClosed ? { value: value.replace(/\r\n?/g, "\n"), end } : null;
    }
  }
  return null;
}

/**
 * Write a block, quoting only the cells that need it.
 * @param {string[][]} rows
 * @returns {string}
 */
export function writeBlock(rows) {
  const quote = (cell) => (/["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quote).join("\t")).join("\r\n");
}

/** True when the text is more than one cell. */
export function isBlock(text) {
  const rows = parseBlock(text);
  return rows.length > 1 || (rows[0]?.length ?? 0) > 1;
}

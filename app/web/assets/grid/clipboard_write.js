/**
 * Blocks of cells as HTML for the clipboard. Spreadsheets take it before the plain text; cells that
 * are text there stay text, so that "001" does not become 1 and a long number keeps its digits.
 */

const textFormat = "mso-number-format:'\\@'";
const numericTypes = new Set(["integer", "number", "float"]);

function escape(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "<br style='mso-data-placement:same-cell'>");
}

function cell(tag, text, isText) {
  return `<${tag}${isText ? ` style="${textFormat}"` : ""}>${escape(text)}</${tag}>`;
}

/**
 * @param {object[]} fields of the columns
 * @param {string[][]} rows texts as people read them
 * @param {string[]|null} [headings]
 * @returns {string}
 */
export function writeTable(fields, rows, headings = null) {
  const head = headings ? `<tr>${headings.map((text) => cell("th", text, true)).join("")}</tr>` : "";
  const lines = rows.map((row) => {
    const cells = row.map((text, column) => cell("td", text, !numericTypes.has(fields[column].type)));
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<meta charset="utf-8"><table>${head}${lines.join("")}</table>`;
}

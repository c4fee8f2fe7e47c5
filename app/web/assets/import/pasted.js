/**
 * Cells copied in Excel or WPS and pasted into the page, as a file like any other.
 */

/**
 * The file, or null where something is being typed into or the text is no table.
 * @param {ClipboardEvent} event
 * @param {string} name what the file is called
 */
export function pastedFile(event, name) {
  if (event.target.closest?.("input, textarea, select")) return null;
  const file = event.clipboardData?.files?.[0];
  if (file) return file;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!isTable(text)) return null;
  return new File([text], `${name}.tsv`, { type: "text/tab-separated-values" });
}

/** Whether a text has several cells: a heading and something below it, at least. */
export function isTable(text) {
  return /[^\n]\r?\n[^\n]/.test(text);
}

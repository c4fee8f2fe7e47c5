/** Where the faults of a condition stand: its text in parts, those at fault marked. */

/**
 * @param {string} text
 * @param {{start: number, end: number}[]} faults
 * @returns {{text: string, isFault: boolean}[]} the text in its order; faults inside others count once
 */
export function partsOf(text, faults) {
  const parts = [];
  let done = 0;
  for (const { start, end } of [...faults].sort((one, other) => one.start - other.start)) {
    const from = Math.max(start, done);
    // A fault at the very end has no sign of its own.
    if (end <= from) continue;
    if (from > done) parts.push({ text: text.slice(done, from), isFault: false });
    parts.push({ text: text.slice(from, end) || " ", isFault: true });
    done = end;
  }
  if (done < text.length) parts.push({ text: text.slice(done), isFault: false });
  return parts;
}

/** What the faults say, each once: the same name may be wrong at several places. */
export function messagesOf(faults) {
  return [...new Set(faults.map((fault) => fault.message))];
}

/** The text with its faults as an element that is only looked at. */
export function pointed(text, faults) {
  const element = document.createElement("pre");
  element.className = "rule-pointed rule-text";
  element.setAttribute("aria-hidden", "true");
  for (const part of partsOf(text, faults)) {
    const piece = document.createElement(part.isFault ? "mark" : "span");
    piece.textContent = part.text;
    element.append(piece);
  }
  return element;
}

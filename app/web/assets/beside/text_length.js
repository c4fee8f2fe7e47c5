/** Telling while somebody writes that a text is longer than it may be. */

import { t } from "../common/messages.js";

/**
 * Keep a note under a field up to date; empty while the text is short enough.
 * @param {HTMLTextAreaElement} text
 * @param {HTMLElement} note
 * @param {number} longest characters, counted as the server counts them
 */
export function watchLength(text, note, longest) {
  text.addEventListener("input", () => {
    const { length } = Array.from(text.value);
    note.textContent = length > longest ? t("comment_too_long", { length, maximum: longest }) : "";
  });
}

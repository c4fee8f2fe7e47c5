/**
 * How many comments of the place wait for an answer: the number in the toolbar, kept while people
 * write and resolve.
 */

import { t } from "../common/messages.js";

/** So many more wait now, or fewer; the button is there only where any do. */
export function countComments(difference) {
  const button = document.getElementById("comment-count");
  if (!button) return;
  const count = Math.max(0, Number(button.dataset.count) + difference);
  button.dataset.count = String(count);
  button.querySelector("span").textContent = t("comment_count", { count });
  button.hidden = count === 0;
}

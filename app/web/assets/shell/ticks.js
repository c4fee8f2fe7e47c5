/**
 * Tells how many boxes of a form are ticked (`[data-ticked="name"]`), and ticks all of the page at
 * once. Where all of a longer list are chosen (`[data-whole-list="count"]`), it says so instead.
 */

import { t } from "../common/messages.js";

/** The words for what is ticked: a number of boxes, or the whole list of `wholeList` lines. */
export function tickedText(count, wholeList) {
  return wholeList ? t("ticked_all", { count: wholeList }) : t("ticked", { count });
}

function tell(place) {
  const form = place.closest("form");
  const boxes = Array.from(form.querySelectorAll(`input[name="${place.dataset.ticked}"]`));
  const count = boxes.filter((box) => box.checked).length;
  const whole = form.querySelector("[data-whole-list]:checked");
  const page = place.querySelector("[data-tick-page]");
  page.checked = count > 0 && count === boxes.length;
  page.indeterminate = count > 0 && count < boxes.length;
  place.querySelector("output").textContent = tickedText(count, whole?.dataset.wholeList);
  place.hidden = boxes.length === 0;
}

function tickPage(place, isTicked) {
  const boxes = place.closest("form").querySelectorAll(`input[name="${place.dataset.ticked}"]`);
  for (const box of boxes) box.checked = isTicked;
}

/** Keep the numbers of the page up to date. */
export function countTicks() {
  const places = document.querySelectorAll("form [data-ticked]");
  if (places.length === 0) return;
  const tellAll = () => places.forEach(tell);
  document.addEventListener("change", (event) => {
    const place = event.target.matches("[data-tick-page]") && event.target.closest("[data-ticked]");
    if (place) tickPage(place, event.target.checked);
    tellAll();
  });
  // Browsers put ticks back after the page is parsed, and on the way back to it.
  window.addEventListener("pageshow", tellAll);
  tellAll();
}

/**
 * The four steps of an import: choosing the file, matching its columns, checking, importing.
 */

const names = ["file", "columns", "check", "done"];

/**
 * Mark where one is: earlier steps are done, later ones are still to come.
 * @param {HTMLElement} list its items carry data-step
 * @param {string} current
 */
export function markStep(list, current) {
  const reached = names.indexOf(current);
  for (const item of list.querySelectorAll("[data-step]")) {
    const place = names.indexOf(item.dataset.step);
    item.classList.toggle("is-done", place < reached || current === "done");
    item.classList.toggle("is-current", place === reached);
    if (place === reached) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

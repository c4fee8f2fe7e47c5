/**
 * Lets the entry page fill the window exactly: the grid scrolls, not the page.
 */

/** Tell the style sheet how far down the entry page begins. */
export function fitToWindow(element) {
  if (!element) return;
  const measure = () => {
    const top = element.getBoundingClientRect().top + window.scrollY;
    element.style.setProperty("--entry-page-top", `${Math.round(top)}px`);
  };
  measure();
  window.addEventListener("resize", measure);
}

/**
 * Building page elements without markup strings: data can never become markup.
 */

/**
 * Make an element.
 * @param {string} tag
 * @param {Object} [attributes] `class`, `text`, `dataset`, `onclick`-like handlers, or attributes;
 *   an attribute that is null, undefined or false is left out
 * @param {Array<Node|string|null>} [children]
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Replace everything inside an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

/**
 * A list to choose one of.
 * @param {string} label for those who do not see what stands beside it
 * @param {Array<[string, string]>} options values and their texts
 * @param {string} chosen
 * @param {function(string): void} onChoose
 */
export function makeSelect(label, options, chosen, onChoose) {
  const choices = options.map(([value, text]) =>
    make("option", { value, text, selected: value === chosen }),
  );
  const change = (event) => onChoose(event.target.value);
  return make("select", { class: "form-select", "aria-label": label, onchange: change }, choices);
}

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * An icon of the sprite whose address stands in `<meta name="icons" content="...">`; decorative, so hidden
 * from screen readers: the word beside it speaks.
 * @param {string} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const sprite = document.querySelector('meta[name="icons"]')?.content ?? "";
  const drawing = document.createElementNS(svgNamespace, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svgNamespace, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  drawing.append(use);
  return drawing;
}

/**
 * Does something when Escape is pressed inside the element, and nothing around it does.
 * @param {HTMLElement} element
 * @param {function(): void} action
 */
export function onEscape(element, action) {
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    action();
    event.stopPropagation();
  });
}

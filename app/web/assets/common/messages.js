/**
 * Texts for the user. The page carries them, already translated by the server, in
 * `<script type="application/json" id="messages">`; no module holds a sentence of its own.
 */

let texts = null;

function readTexts() {
  const holder = typeof document === "undefined" ? null : document.getElementById("messages");
  return holder ? JSON.parse(holder.textContent) : {};
}

/** Replace the texts, for pages without the script element and for tests. */
export function setTexts(replacement) {
  texts = replacement;
}

/**
 * The text of a key with `%(name)s` places filled.
 * A missing key is shown as the key itself: visible, but it breaks nothing.
 * @param {string} key
 * @param {Object<string, string|number>} [parameters]
 * @returns {string}
 */
export function t(key, parameters = {}) {
  texts ??= readTexts();
  const text = texts[key] ?? key;
  return text.replace(/%\((\w+)\)[sd]/g, (place, name) =>
    name in parameters ? String(parameters[name]) : place,
  );
}

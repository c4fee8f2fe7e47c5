/**
 * Texts for the user, translated by the server. A script that the page names first puts them into
 * `pageTexts`; no module holds a sentence of its own.
 */

/**
 * The text of a key with `%(name)s` places filled.
 * A missing key is shown as the key itself: visible, but it breaks nothing.
 * @param {string} key
 * @param {Object<string, string|number>} [parameters]
 * @returns {string}
 */
export function t(key, parameters = {}) {
  const text = globalThis.pageTexts?.[key] ?? key;
  return text.replace(/%\((\w+)\)[sd]/g, (place, name) =>
    name in parameters ? String(parameters[name]) : place,
  );
}

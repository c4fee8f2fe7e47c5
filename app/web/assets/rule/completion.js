/**
 * Completing what is typed in a condition: which word the caret stands in, which names begin or
 * contain it, and what the text is once one of them was taken. Nothing here touches the page.
 */

export const mostChoices = 12;
const wordSign = /[\p{L}\p{N}_.]/u;
const openMarks = '"“”';

/** @returns {boolean} Whether the caret stands inside of a text in single quotation marks. */
function isInText(text, caret) {
  const marks = text.slice(0, caret).match(/['‘’]/gu) ?? [];
  return marks.length % 2 === 1;
}

/**
 * The word before the caret, from its opening quotation mark if it has one.
 * @returns {{start: number, end: number, word: string} | null}
 */
export function wordAt(text, caret) {
  if (isInText(text, caret)) return null;
  const before = text.slice(0, caret);
  const marks = [...before].filter((sign) => openMarks.includes(sign)).length;
  if (marks % 2 === 1) {
    const start = Math.max(...[...openMarks].map((mark) => before.lastIndexOf(mark)));
    const closes = openMarks.includes(text[caret] ?? " ");
    return { start, end: caret + (closes ? 1 : 0), word: before.slice(start + 1) };
  }
  let start = caret;
  while (start > 0 && wordSign.test(text[start - 1])) start -= 1;
  const word = before.slice(start);
  return word && !/^\d/u.test(word) ? { start, end: caret, word } : null;
}

const notFound = 3;

function rank(name, word) {
  const place = name.toLowerCase().indexOf(word);
  if (place < 0) return notFound;
  return place === 0 ? 0 : 1;
}

/** Initials come last: "and" is the word, only then a field that is read so. */
function rankOf({ names, initials = [] }, word) {
  const named = Math.min(...names.map((name) => rank(name, word)));
  if (named < notFound) return named;
  return initials.some((each) => each.startsWith(word)) ? 2 : notFound;
}

/**
 * The choices for a word, those that begin with it first.
 * @param {{names: string[], initials?: string[]}[]} choices each with everything it may be called
 */
export function matching(choices, word) {
  const wanted = word.toLowerCase();
  return choices
    .map((choice, order) => ({ choice, order, rank: rankOf(choice, wanted) }))
    .filter((found) => found.rank < notFound)
    .sort((one, other) => one.rank - other.rank || one.order - other.order)
    .slice(0, mostChoices)
    .map((found) => found.choice);
}

/** The text with a choice in place of the word, and where the caret stands then. */
export function taken(text, place, choice) {
  const written = text.slice(0, place.start) + choice.text + text.slice(place.end);
  return { text: written, caret: place.start + choice.text.length - (choice.caretBack ?? 0) };
}

/** A label as it stands in a condition: bare where it is one word that begins with no digit. */
export function quoted(label) {
  const isBare = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(label) && /[^\p{ASCII}]/u.test(label);
  return isBare ? label : `"${label}"`;
}

/**
 * What may be named: fields by label or code, figures by name, functions and words between values.
 * @param {{fields: object[], functions: object[]}} words as the server tells them
 * @param {string[]} figures names of the figures of the rule
 */
export function choicesOf(words, figures, { isPlain = false } = {}) {
  const fields = words.fields.map(({ code, label, text, search = "" }) => ({
    names: [label, code],
    initials: search.split(" ").filter(Boolean),
    label,
    hint: code,
    text: isPlain ? label : text,
  }));
  if (isPlain) return fields;
  const named = figures
    .filter(Boolean)
    .map((label) => ({ names: [label], label, hint: "", text: quoted(label) }));
  const functions = words.functions.map(({ name, help }) => ({
    names: [name],
    label: `${name}()`,
    hint: help,
    text: `${name}()`,
    caretBack: 1,
  }));
  const between = ["and", "or", "not", "in", "between", "is null", "is not null"].map((word) => ({
    names: [word],
    label: word,
    hint: "",
    text: word,
  }));
  return [...named, ...fields, ...functions, ...between];
}

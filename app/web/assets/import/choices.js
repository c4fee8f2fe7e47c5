/**
 * What the columns of a file are matched with while people choose. A choice is a field code, null
 * for a column that is not imported, or undefined while nobody has said anything.
 */

const silent = new Set(["department", "ignored"]);

/**
 * The choices to begin with: what is known, suggestions included; what is open is undefined.
 * @param {{columns: object[]}} layout
 * @returns {Map<string, string|null|undefined>} by the letters of the columns
 */
export function firstChoices({ columns }) {
  const matched = columns.filter(({ how }) => !silent.has(how));
  return new Map(
    matched.map(({ column, field, how, open }) => [
      column,
      field ?? (open && how !== "chosen" ? undefined : null),
    ]),
  );
}

/** The columns about which nothing has been said. */
export function openColumns(choices) {
  return [...choices].filter(([, field]) => field === undefined).map(([column]) => column);
}

/** The field codes that more than one column is matched with. */
export function doubleFields(choices) {
  const chosen = [...choices.values()].filter(Boolean);
  return [...new Set(chosen.filter((field, place) => chosen.indexOf(field) !== place))];
}

/** The field codes without which rows cannot be told apart and that no column is matched with. */
export function missingKeys({ keys = [] }, choices) {
  const chosen = new Set(choices.values());
  return keys.filter((code) => !chosen.has(code));
}

/** What the form field `mapping` has to say so that the server reads the file like this. */
export function mappingOf({ sheet, heading_row: row }, choices) {
  return { sheet, heading_row: row, columns: Object.fromEntries(choices) };
}

/** How many columns are matched, only suggested, left out, and open. */
export function countsOf({ columns }, choices) {
  const suggested = columns.filter(
    ({ column, how, field }) => how === "similar" && choices.get(column) === field,
  );
  const values = [...choices.values()];
  return {
    matched: values.filter(Boolean).length - suggested.length,
    suggested: suggested.length,
    omitted: values.filter((field) => field === null).length,
    open: openColumns(choices).length,
  };
}

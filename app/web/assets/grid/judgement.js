/**
 * Asking the server what would become of changes before any is made: a dry run is the write, taken
 * back. The page has no second set of rules.
 */

// The server takes no more changes at once.
const mostChanges = 5000;

/**
 * What every row that a plan touches would be sent as.
 * @returns {Array<{row: object, cells: object[], change: object|null}>} `cells` are
 *   {field, before, after} of the cells that would hold something else; `change` null: nothing to send
 */
export function changesOf(sheet, { edits }) {
  const touched = new Map();
  for (const { row, field, value } of edits) {
    if (!touched.has(row)) touched.set(row, new Map());
    touched.get(row).set(field, value);
  }
  return [...touched].map(([row, values]) => entryOf(sheet, row, values));
}

function entryOf(sheet, row, values) {
  const shadow = Object.assign(Object.create(Object.getPrototypeOf(row)), row, {
    values: { ...row.values },
  });
  for (const [field, value] of values) shadow.values[field.code] = value;
  const cells = [...values.keys()]
    .map((field) => ({
      field,
      before: row.values[field.code] ?? null,
      after: shadow.values[field.code] ?? null,
    }))
    .filter(({ before, after }) => String(before ?? "") !== String(after ?? ""));
  return { row, cells, change: cells.length > 0 ? shadow.change(sheet.allFields) : null };
}

/**
 * Let the server judge the entries.
 * @param {object[]} entries from changesOf
 * @param {function(object[]): Promise<{results: object[]}>} ask sends changes as a dry run
 * @param {function(number, number): void} [onProgress] told how many of how many are judged
 * @returns {Promise<object[]>} the entries with their `outcome` and `findings`
 */
export async function judge(entries, ask, onProgress = () => {}) {
  const asked = entries.filter(({ change }) => change);
  const results = new Map();
  for (let start = 0; start < asked.length; start += mostChanges) {
    onProgress(start, asked.length);
    const some = asked.slice(start, start + mostChanges);
    const answer = await ask(some.map(({ change }) => change));
    some.forEach((entry, index) => results.set(entry, answer.results[index]));
  }
  return entries.map((entry) => {
    const { outcome = "unchanged", findings = [], conflict = null } = results.get(entry) ?? {};
    return { ...entry, outcome, findings, conflict };
  });
}

/**
 * Periods that move with the calendar. Today is what the server says it is: clocks of office
 * computers are wrong often enough.
 */

const day = 24 * 60 * 60 * 1000;
// The academic year begins on the first of September.
const firstMonth = 9;

function iso(year, month, date) {
  return new Date(Date.UTC(year, month - 1, date)).toISOString().slice(0, 10);
}

function academicYear(startYear) {
  return [iso(startYear, firstMonth, 1), iso(startYear + 1, firstMonth, 0)];
}

function startOfAcademicYear(year, month) {
  return month >= firstMonth ? year : year - 1;
}

const rangeByName = {
  this_academic_year: ([year, month]) => academicYear(startOfAcademicYear(year, month)),
  last_academic_year: ([year, month]) => academicYear(startOfAcademicYear(year, month) - 1),
  this_calendar_year: ([year]) => [iso(year, 1, 1), iso(year, 12, 31)],
  this_month: ([year, month]) => [iso(year, month, 1), iso(year, month + 1, 0)],
  last_30_days: (parts, today) => {
    const start = new Date(Date.parse(`${today}T00:00:00Z`) - 29 * day);
    return [start.toISOString().slice(0, 10), today];
  },
};

/** The names of all periods, in the order in which they are offered. */
export const periodNames = Object.keys(rangeByName);

/**
 * First and last day of a period.
 * @param {string} name one of `periodNames`
 * @param {string} today ISO date
 * @returns {string[]|null} null for a name that nobody knows
 */
export function rangeOf(name, today) {
  if (!periodNames.includes(name)) return null;
  return rangeByName[name](today.split("-").map(Number), today);
}

/** The range as the type of the field writes it: months, days, or the whole last day of times. */
export function rangeFor(field, name, today) {
  const range = rangeOf(name, today);
  if (!range) return null;
  if (field.type === "yearmonth") return range.map((date) => date.slice(0, 7));
  if (field.type === "datetime") return [`${range[0]} 00:00:00`, `${range[1]} 23:59:59`];
  return range;
}

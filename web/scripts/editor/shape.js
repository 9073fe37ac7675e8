// Whether the rows of an answer make a chart: a column of numbers, and one that names or dates them.
import { isNumber } from "./table.js";

const DATES = new Set(["xsd:date", "xsd:gYear", "xsd:gYearMonth", "xsd:dateTime"]);
const LOOKED_AT = 200;

// {labels: [columns], values: [columns], times: [columns]}, null where nothing fits.
export function shape({ columns, rows }) {
  const values = [];
  const labels = [];
  const times = [];
  if (rows.length < 2) return null;
  columns.forEach((_, at) => {
    const cells = rows.slice(0, LOOKED_AT).map((row) => row[at]).filter(Boolean);
    if (!cells.length) return;
    if (cells.every(isNumber)) values.push(at);
    else labels.push(at);
    if (cells.every((cell) => DATES.has(cell.type) || (!cell.iri && /^\d{4}(-\d{2}){0,2}$/.test(cell.text)))) times.push(at);
  });
  const years = values.filter((at) => times.includes(at));
  if (values.length > years.length) values.splice(0, values.length, ...values.filter((at) => !years.includes(at)));
  labels.push(...years.filter((at) => !values.includes(at)));
  return values.length && labels.length ? { labels, values, times: times.filter((at) => labels.includes(at)) } : null;
}

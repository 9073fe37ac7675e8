// A chart of an answer, drawn in the roles of colour of the page: bars by name, or a line over time.
import { isNumber } from "./table.js";
import { knownAs, learn } from "./naming.js";
import { draw, make, number, t } from "./words.js";

const MOST_BARS = 60;
const MOST_POINTS = 2_000;
const WIDTH = 900;

export async function chart(answer, fit) {
  const first = fit.labels.find((at) => !fit.times.includes(at) && answer.rows.some((row) => row[at] && !row[at].iri)) ?? fit.labels[0];
  const chosen = { x: fit.times[0] ?? first, y: fit.values[0], kind: fit.times.length ? "lines" : "bars" };
  await learn(answer.rows.slice(0, MOST_BARS).flat().flatMap((cell) => (cell?.iri && !cell.name ? [cell.iri] : [])));
  const place = make("div", { class: "chart" });
  const write = () => place.replaceChildren(...drawn(answer, fit, chosen));
  const form = make(
    "div",
    { class: "chart-form" },
    choice(t("chart_x"), fit.labels, chosen.x, (at) => set({ x: at, kind: fit.times.includes(at) ? chosen.kind : "bars" })),
    choice(t("chart_y"), fit.values, chosen.y, (at) => set({ y: at })),
  );
  const kinds = fit.times.length ? pick(t("chart_kind"), ["lines", "bars"].map((kind) => [kind, t(kind)]), chosen.kind, (kind) => set({ kind })) : null;
  if (kinds) form.append(kinds);
  function choice(label, columns, current, changed) {
    return pick(label, columns.map((at) => [at, answer.columns[at]]), current, (value) => changed(Number(value)));
  }
  function set(values) {
    Object.assign(chosen, values);
    if (chosen.kind === "lines" && !fit.times.includes(chosen.x)) chosen.x = fit.times[0];
    if (kinds) kinds.querySelector("select").value = chosen.kind;
    form.querySelector("select").value = chosen.x;
    write();
  }
  write();
  return make("div", {}, form, place);
}

function pick(label, options, current, changed) {
  const select = make("select", { onchange: () => changed(select.value) }, ...options.map(([value, text]) => make("option", { value }, text)));
  select.value = current;
  return make("label", { class: "field" }, label, select);
}

function drawn(answer, fit, { x, y, kind }) {
  const points = answer.rows.filter((row) => row[x] && isNumber(row[y])).map((row) => ({ label: called(row[x]), value: Number(row[y].text) }));
  const about = t("chart_about", { x: answer.columns[x], y: answer.columns[y] });
  const most = kind === "lines" ? MOST_POINTS : MOST_BARS;
  const shown = points.slice(0, most);
  const note = points.length > most ? ` ${t("chart_first", { shown: number(most), rows: number(points.length) })}` : "";
  const picture = kind === "lines" ? lines(shown, about) : bars(shown, about);
  return [make("figure", {}, picture, make("figcaption", {}, about + note))];
}

function called(cell) {
  return cell.iri ? (cell.name ?? knownAs(cell.iri)?.label ?? cell.text) : cell.text;
}

function cut(text, most) {
  const letters = [...text];
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : text;
}

function bars(points, about) {
  const left = 300;
  const right = 90;
  const step = 28;
  const low = Math.min(0, ...points.map((one) => one.value));
  const high = Math.max(0, ...points.map((one) => one.value));
  const at = (value) => left + ((value - low) / (high - low || 1)) * (WIDTH - left - right);
  const height = points.length * step + 10;
  return draw(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": about },
    ...points.map(({ label, value }, row) => {
      const middle = row * step + step / 2 + 5;
      return draw(
        "g",
        {},
        draw("title", {}, `${label}: ${number(value)}`),
        draw("text", { x: left - 8, y: middle + 4, "text-anchor": "end" }, cut(label, 40)),
        draw("rect", { class: "bar", x: Math.min(at(0), at(value)), y: middle - 9, width: Math.max(Math.abs(at(value) - at(0)), 1), height: 18, rx: 2 }),
        draw("text", { class: "scale", x: Math.max(at(0), at(value)) + 6, y: middle + 4 }, number(value)),
      );
    }),
    draw("line", { class: "zero", x1: at(0), x2: at(0), y1: 0, y2: height }),
  );
}

// A moment of 2024, 2024-06 or 2024-06-30, in milliseconds; the year 45 is not 1945.
function moment(text) {
  const [year, month = 1, day = 1] = text.split("T")[0].split("-").map(Number);
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function lines(points, about) {
  const [left, right, top, bottom] = [80, 30, 15, 40];
  const height = 360;
  const found = points.map((one) => ({ ...one, time: moment(one.label) })).filter((one) => Number.isFinite(one.time)).sort((a, b) => a.time - b.time);
  const ticks = scale(Math.min(...found.map((one) => one.value)), Math.max(...found.map((one) => one.value)));
  const [start, end] = [found[0]?.time ?? 0, found.at(-1)?.time ?? 1];
  const across = (time) => left + (end === start ? 0.5 : (time - start) / (end - start)) * (WIDTH - left - right);
  const up = (value) => height - bottom - ((value - ticks[0]) / (ticks.at(-1) - ticks[0])) * (height - top - bottom);
  const every = Math.max(1, Math.ceil(found.length / 8));
  return draw(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": about },
    ...ticks.map((value) =>
      draw("g", {}, draw("line", { class: "axis", x1: left, x2: WIDTH - right, y1: up(value), y2: up(value) }), draw("text", { class: "scale", x: left - 8, y: up(value) + 4, "text-anchor": "end" }, number(value))),
    ),
    ...found.filter((_, at) => at % every === 0).map((one) => draw("text", { class: "scale", x: across(one.time), y: height - 14, "text-anchor": "middle" }, one.label.split("T")[0])),
    draw("polyline", { class: "line", points: found.map((one) => `${across(one.time).toFixed(1)},${up(one.value).toFixed(1)}`).join(" ") }),
    ...(found.length <= 300 ? found : []).map((one) => draw("circle", { class: "dot", cx: across(one.time).toFixed(1), cy: up(one.value).toFixed(1), r: 4 }, draw("title", {}, `${one.label}: ${number(one.value)}`))),
  );
}

// Round values from below the lowest to above the highest.
function scale(low, high) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * unit).find((one) => one >= rough);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

// A table of cells: one page at a time, sorted by a column, IRIs by name.
import { knownAs, learn } from "./naming.js";
import { block, make, number, t, webAddress } from "./words.js";

const PAGE = 50;
const LONG = 60; // characters, from which a cell is given more room
const collator = new Intl.Collator(block.language, { numeric: true });
const KEPT = "chiso.names";

export class Table {
  constructor(answer) {
    this.answer = answer;
    this.order = answer.rows.map((_, at) => at);
    this.sorted = null;
    this.down = false;
    this.first = 0;
    this.names = remembered();
    this.head = make("tr");
    this.body = make("tbody");
    this.where = make("span", { class: "small", role: "status" });
    this.before = make("button", { type: "button", class: "plain small", onclick: () => this.turn(-PAGE) }, t("previous"));
    this.after = make("button", { type: "button", class: "plain small", onclick: () => this.turn(PAGE) }, t("next"));
    const names = make("input", { type: "checkbox", onchange: () => this.call(names.checked) });
    names.checked = this.names;
    const pages = answer.rows.length > PAGE ? [this.before, this.after] : [];
    this.element = make(
      "div",
      {},
      make("div", { class: "ask-bar" }, this.where, ...pages, make("label", { class: "ask-names" }, names, ` ${t("names")}`)),
      make(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": t("rows_of") },
        make("table", { class: "answer-table" }, make("thead", {}, this.head), this.body),
      ),
    );
    answer.columns.forEach((column, at) => {
      const button = make("button", { type: "button", class: "bare", title: t("sort", { column }), onclick: () => this.sort(at) }, column);
      this.head.append(make("th", { scope: "col" }, button));
    });
    this.write();
  }

  sort(column) {
    this.down = this.sorted === column && !this.down;
    this.sorted = column;
    const rows = this.answer.rows;
    const keys = rows.map((row) => key(row[column]));
    const sign = this.down ? -1 : 1;
    // What is unbound stands last either way.
    this.order.sort((a, b) => (keys[a] === null ? 1 : 0) - (keys[b] === null ? 1 : 0) || sign * compare(keys[a], keys[b]) || a - b);
    [...this.head.cells].forEach((cell, at) => {
      if (at === column) cell.setAttribute("aria-sort", this.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    this.first = 0;
    this.write();
  }

  turn(by) {
    this.first = Math.max(0, Math.min(this.first + by, this.order.length - 1));
    this.write();
  }

  call(names) {
    this.names = names;
    remember(names);
    this.write();
  }

  async write() {
    const { rows } = this.answer;
    const shown = this.order.slice(this.first, this.first + PAGE).map((at) => rows[at]);
    this.where.textContent = t("page", { first: number(this.first + 1), last: number(this.first + shown.length), rows: number(rows.length) });
    this.before.disabled = this.first === 0;
    this.after.disabled = this.first + PAGE >= rows.length;
    const put = () => this.body.replaceChildren(...shown.map((row) => make("tr", {}, ...row.map((cell) => this.cell(cell)))));
    put();
    const unnamed = shown.flat().filter((cell) => cell?.iri && !cell.name && !knownAs(cell.iri));
    if (!unnamed.length) return;
    const page = this.first;
    await learn(unnamed.map((cell) => cell.iri));
    if (this.first === page) put();
  }

  cell(cell) {
    if (!cell) return make("td");
    if (!cell.iri) {
      const tag = cell.language ?? cell.type;
      const numeric = isNumber(cell);
      return make("td", { lang: cell.language, class: numeric ? "number" : cell.text.length > LONG ? "long" : null }, cell.text, tag && !numeric ? make("span", { class: "tag" }, tag) : null);
    }
    const found = knownAs(cell.iri);
    const name = cell.name ?? found?.label;
    const inside = cell.link !== undefined ? (cell.outside ? null : cell.link) : found?.address && kept(found.address);
    const link = inside ?? webAddress(cell.iri);
    const by = this.names && name ? name : cell.text;
    const language = this.names && name ? (cell.language ?? found?.language) : null;
    const shown = link ? make("a", { href: link, rel: inside ? null : "external noreferrer" }, by) : by;
    return make("td", { lang: language, title: this.names && name ? cell.text : null, class: by.length > LONG ? "long" : null }, shown);
  }
}

// A link of this service keeps the language that stands in the address.
function kept(address) {
  const language = new URLSearchParams(location.search).get("lang");
  if (!language) return address;
  const [path, hash] = address.split("#");
  return `${path}?lang=${language}${hash ? `#${hash}` : ""}`;
}

const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger"]);

export function isNumber(cell) {
  return Boolean(cell?.type?.startsWith("xsd:") && NUMBERS.has(cell.type.slice(4)) && cell.text.trim() !== "" && Number.isFinite(Number(cell.text)));
}

function key(cell) {
  if (!cell) return null;
  if (isNumber(cell)) return Number(cell.text);
  return cell.iri ? (cell.name ?? knownAs(cell.iri)?.label ?? cell.text) : cell.text;
}

function compare(a, b) {
  if (a === null || b === null) return 0;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return collator.compare(a, b);
}

function remembered() {
  try {
    return localStorage.getItem(KEPT) !== "no";
  } catch {
    return true;
  }
}

function remember(names) {
  try {
    localStorage.setItem(KEPT, names ? "yes" : "no");
  } catch {
    // Where nothing may be kept, the next page starts with names again.
  }
}

// What an answer looks like: table, chart where the columns fit, graph of a CONSTRUCT; and its files.
import { graph } from "./answer.js";
import { shape } from "./shape.js";
import { Table } from "./table.js";
import { duration, make, number, t } from "./words.js";

export class Results {
  constructor(place) {
    this.place = place;
  }

  clear() {
    this.place.replaceChildren();
  }

  // `text`: the query, from which files can be had; `links`: those that the server offers where there is none.
  show(answer, { text, links = [] } = {}) {
    const section = make("section", { "aria-labelledby": "results", "data-results": answer.form }, make("h2", { id: "results" }, t("results")));
    if (answer.form === "ask") section.append(make("p", { class: "lead", role: "status" }, answer.said));
    else section.append(make("p", { role: "status" }, count(answer)));
    const files = text ? this.files(answer.form, text) : links.map((one) => one.cloneNode(true));
    if (files.length) section.append(make("p", { class: "forms" }, `${t("download")}: `, ...files));
    const body = make("div", { class: "ask-view" });
    if (answer.rows.length) section.append(this.views(answer, body), body);
    this.place.replaceChildren(section);
  }

  views(answer, body) {
    const found = [["table", async () => new Table(answer).element]];
    const fit = graph(answer.form) ? null : shape(answer);
    if (fit) found.push(["chart", async () => (await import("./chart.js")).chart(answer, fit)]);
    if (graph(answer.form)) found.push(["graph", async () => (await import("./graph.js")).network(answer)]);
    const made = new Map();
    const buttons = found.map(([name, view]) =>
      make("button", { type: "button", class: "chip", "aria-pressed": "false", "data-view": name, onclick: () => choose(name, view) }, t(name)),
    );
    async function choose(name, view) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === name));
      if (!made.has(name)) made.set(name, await view());
      body.replaceChildren(made.get(name));
    }
    choose(...found[0]);
    return found.length > 1 ? make("div", { class: "facets", role: "group", "aria-label": t("views") }, ...buttons) : make("span");
  }

  files(form, text) {
    const names = graph(form) ? ["ttl", "jsonld", "nt"] : form === "select" ? ["csv", "excel", "json"] : ["json"];
    return names.map((name) => make("button", { type: "button", class: "plain small", "data-file": name, onclick: (event) => save(event.currentTarget, name, text) }, LABELS[name]));
  }
}

const LABELS = { ttl: "Turtle", jsonld: "JSON-LD", nt: "N-Triples", csv: "CSV", excel: "CSV (Excel)", json: "JSON" };

function count(answer) {
  if (!answer.total) return `${t("rows", { rows: 0 })} ${t("nothing")}`;
  if (answer.rows.length < answer.total) return t("first", { shown: number(answer.rows.length), rows: number(answer.total) });
  const rows = number(answer.total);
  return answer.seconds === null ? t("rows", { rows }) : t("done", { rows, seconds: duration(answer.seconds) });
}

async function save(button, name, text) {
  const label = button.textContent;
  button.disabled = true;
  button.textContent = t("downloading");
  try {
    const asked = new URLSearchParams(name === "excel" ? { query: text, excel: "1" } : { query: text, format: name });
    const answer = await fetch("/sparql", { method: "POST", body: asked });
    if (!answer.ok) throw new Error(String(answer.status));
    const address = URL.createObjectURL(await answer.blob());
    make("a", { href: address, download: `sparql.${name === "excel" ? "csv" : name}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    button.textContent = label;
  } catch {
    button.textContent = t("failed");
  }
  button.disabled = false;
}

// Answers as rows of cells, wherever they come from: {form, boolean, columns, rows, total, seconds}.
// A cell is {text, iri?, language?, type?, name?, link?, outside?}; an unbound one is null.
import { block, short, t } from "./words.js";

const STRING = block.prefixes.xsd + "string";

// The answer that the server wrote into the page, so that nobody asks twice.
export function shownByServer(place) {
  const section = place.querySelector("[data-results]");
  if (!section) return null;
  const form = section.dataset.results;
  const table = section.querySelector("table");
  const columns = table ? [...table.tHead.rows[0].cells].map((cell) => cell.textContent) : [];
  return {
    form,
    boolean: form === "ask" ? section.querySelector(".lead") !== null : null,
    said: form === "ask" ? section.querySelector(".lead").textContent : null,
    columns: graph(form) ? [t("subject"), t("predicate"), t("object")] : columns,
    rows: table ? [...table.tBodies[0].rows].map((row) => [...row.cells].map(read)) : [],
    total: Number(section.dataset.total),
    seconds: section.dataset.seconds ? Number(section.dataset.seconds) : null,
  };
}

function read(cell) {
  const link = cell.querySelector("a");
  const tag = cell.querySelector(".tag");
  const text = (link ?? cell).textContent.slice(0, tag && !link ? -tag.textContent.length - 1 : undefined);
  const { iri, type } = cell.dataset;
  const language = cell.getAttribute("lang");
  if (!iri) return text === "" && !type ? null : { text, language, type };
  const name = cell.title ? text : null;
  return { text: short(iri), iri, name, language, link: link?.getAttribute("href"), outside: link?.rel !== "" };
}

export function graph(form) {
  return form === "construct" || form === "describe";
}

// What came over the wire. `media`: its Content-Type.
export function parsed(text, media, seconds) {
  if (media.startsWith("application/n-triples")) {
    const rows = triples(text);
    return { form: "construct", boolean: null, columns: [t("subject"), t("predicate"), t("object")], rows, total: rows.length, seconds };
  }
  const found = JSON.parse(text);
  if (typeof found.boolean === "boolean") {
    return { form: "ask", boolean: found.boolean, said: t(found.boolean ? "yes" : "no"), columns: [], rows: [], total: 1, seconds };
  }
  const columns = found.head.vars;
  const rows = found.results.bindings.map((row) => columns.map((name) => (row[name] ? cell(row[name]) : null)));
  return { form: "select", boolean: null, columns, rows, total: rows.length, seconds };
}

function cell(term) {
  if (term.type === "uri") return { text: short(term.value), iri: term.value };
  if (term.type === "bnode") return { text: `_:${term.value}` };
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    return { text: `<<( ${[subject, predicate, object].map((part) => cell(part).text).join(" ")} )>>` };
  }
  const type = term.datatype && term.datatype !== STRING ? short(term.datatype) : null;
  return { text: term.value, language: term["xml:lang"] ?? null, type };
}

// N-Triples, one statement per line (RDF 1.1 N-Triples, section 7); a triple term stays text.
const TERM = /<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?|(<<\(.*\)>>)/y;

function triples(text) {
  const rows = [];
  for (const line of text.split("\n")) {
    const row = [];
    let at = 0;
    while (row.length < 3) {
      while (line[at] === " ") at++;
      TERM.lastIndex = line.startsWith("<<(", at) ? Infinity : at;
      const found = TERM.exec(line);
      if (!found) break;
      at = TERM.lastIndex;
      row.push(term(found));
    }
    if (row.length === 2 && line.startsWith("<<(", at)) row.push({ text: line.slice(at, line.lastIndexOf(")>>") + 3) });
    if (row.length === 3) rows.push(row);
  }
  return rows;
}

function term([, iri, blank, literal, language, datatype]) {
  if (iri !== undefined) return cell({ type: "uri", value: plain(iri) });
  if (blank !== undefined) return cell({ type: "bnode", value: blank });
  return cell({ type: "literal", value: plain(literal), "xml:lang": language, datatype: datatype && plain(datatype) });
}

const ESCAPED = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function plain(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs, (_, four, eight, one) =>
    one !== undefined ? (ESCAPED[one] ?? one) : String.fromCodePoint(parseInt(four ?? eight, 16)),
  );
}

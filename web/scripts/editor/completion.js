// What may come next: keywords, variables of this query, prefixes, classes and properties that the data uses, things by name.
import { insertCompletionText, pickedCompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";
import { knownAs, learn } from "./naming.js";
import { block, folded, make, number, t } from "./words.js";

const KEYWORDS =
  "SELECT CONSTRUCT DESCRIBE ASK WHERE FROM|FROM NAMED|PREFIX BASE DISTINCT REDUCED OPTIONAL UNION MINUS GRAPH FILTER|FILTER NOT EXISTS|FILTER EXISTS|BIND AS VALUES UNDEF GROUP BY|ORDER BY|HAVING LIMIT OFFSET ASC DESC|COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI IF COALESCE CONCAT STRLEN SUBSTR UCASE LCASE CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER REPLACE REGEX ABS ROUND CEIL FLOOR YEAR MONTH DAY NOW isIRI isBlank isLiteral isNumeric EXISTS IN"
    .split("|")
    .flatMap((part) => (/^(FROM NAMED|FILTER NOT EXISTS|FILTER EXISTS)$/.test(part) ? [part] : keywords(part)));

function keywords(part) {
  return part.replace(/(GROUP|ORDER) BY/g, "$1_BY").split(" ").map((word) => word.replace(/_BY$/, " BY"));
}

let terms = null;

async function vocabulary() {
  terms ??= fetch(`/api/v1/terms?lang=${block.language}`)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then(({ prefixes, classes, properties }) => ({
      prefixes: prefixes.map(({ prefix, iri }) => ({ prefix, iri })),
      terms: [...classes.map((one) => ({ ...one, kind: "class" })), ...properties.map((one) => ({ ...one, kind: "property" }))].map((one) => ({
        ...one,
        sought: folded(`${one.name} ${one.label ?? ""}`),
      })),
    }))
    .catch(() => {
      terms = null; // the next letter asks again
      return { prefixes: Object.entries(block.prefixes).map(([prefix, iri]) => ({ prefix, iri })), terms: [] };
    });
  return terms;
}

async function things(text, signal) {
  try {
    const asked = new URLSearchParams({ q: text.slice(0, 300), limit: "12", lang: block.language });
    const answer = await fetch(`/api/v1/suggest?${asked}`, { signal });
    return answer.ok ? (await answer.json()).items : [];
  } catch {
    return [];
  }
}

export async function complete(context) {
  const gone = new AbortController();
  context.addEventListener("abort", () => gone.abort(), { onDocChange: true });
  const open = context.matchBefore(/<[^<>"{}|^`\\\n]*$/);
  if (open && open.text.length > 2 && !open.text.includes("://")) {
    const found = await things(open.text.slice(1), gone.signal);
    return { from: open.from, options: found.map(thing), filter: false };
  }
  if (open) return null;
  const declared = context.matchBefore(/\bPREFIX\s+[\w-]*:?$/i);
  const { prefixes, terms: words } = await vocabulary();
  if (context.aborted) return null;
  if (declared) {
    const from = context.pos - /[\w-]*:?$/.exec(declared.text)[0].length;
    return { from, options: prefixes.map(({ prefix, iri }) => ({ label: `${prefix}: <${iri}>`, type: "namespace" })) };
  }
  const variable = context.matchBefore(/[?$]\w*$/);
  if (variable) return { from: variable.from, options: variables(context.state.doc.toString(), variable.text), validFor: /^[?$]\w*$/ };
  const word = context.matchBefore(/[\p{L}\p{N}_-]*:?[\p{L}\p{N}._-]*$/u);
  if (!word || (word.text === "" && !context.explicit) || /["'#]/.test(before(context, word))) return null;
  const sought = folded(word.text);
  const options = words
    .map((one) => ({ one, rank: rank(one, sought) }))
    .filter(({ rank }) => rank < 4)
    .sort((a, b) => a.rank - b.rank || (b.one.count ?? 0) - (a.one.count ?? 0))
    .slice(0, 40)
    .map(({ one }) => term(one, prefixes));
  if (!word.text.includes(":")) {
    options.unshift(...KEYWORDS.filter((one) => word.text && folded(one).startsWith(sought)).map((label) => ({ label, type: "keyword", detail: t("keyword") })));
    options.push(...prefixes.filter(({ prefix }) => prefix.startsWith(sought)).map(({ prefix, iri }) => ({ label: `${prefix}:`, type: "namespace", detail: iri, apply: declaring(`${prefix}:`, prefix, iri) })));
    if (word.text.length > 2) options.push(...(await things(word.text, gone.signal)).map(thing));
  }
  return options.length ? { from: word.from, options, filter: false } : null;
}

function before(context, word) {
  // An odd number of quotation marks before the word: it stands in a text.
  const line = context.state.doc.lineAt(word.from);
  const start = context.state.sliceDoc(line.from, word.from);
  return (start.match(/"/g) ?? []).length % 2 ? '"' : "";
}

function rank(one, sought) {
  const name = folded(one.name);
  if (!sought || name.startsWith(sought)) return 0;
  if (name.split(":")[1]?.startsWith(sought)) return 1;
  if (folded(one.label ?? "").startsWith(sought)) return 2;
  return one.sought.includes(sought) ? 3 : 4;
}

function variables(text, present) {
  const found = new Map();
  for (const [name] of text.matchAll(/[?$]\w+/g)) found.set(name, (found.get(name) ?? 0) + 1);
  if (found.get(present) === 1) found.delete(present); // the one that is being typed
  return [...found.keys()].map((label) => ({ label, type: "variable", detail: t("variable") }));
}

function term(one, prefixes) {
  const prefix = prefixes.find(({ iri }) => one.iri.startsWith(iri));
  const written = prefix && /^[\w.-]+$/.test(one.iri.slice(prefix.iri.length)) ? one.name : `<${one.iri}>`;
  const uses = one.count === null || one.count === undefined ? "" : ` · ${t("uses", { number: number(one.count) })}`;
  return {
    label: written,
    type: one.kind,
    detail: `${one.label ?? t(one.kind)}${uses}`,
    info: one.definition ? () => make("div", {}, one.definition) : undefined,
    apply: prefix && written === one.name ? declaring(written, prefix.prefix, prefix.iri) : written,
  };
}

// Write a name and, where its prefix is not declared yet, the line that declares it.
function declaring(text, prefix, iri) {
  return (view, completion, from, to) => {
    const head = new RegExp(`\\bPREFIX\\s+${prefix}:`, "i").test(view.state.doc.toString()) ? "" : `PREFIX ${prefix}: <${iri}>\n`;
    const changes = [{ from, to, insert: text }];
    if (head) changes.unshift({ from: 0, insert: head });
    view.dispatch({ changes, selection: { anchor: from + text.length + head.length }, userEvent: "input.complete", annotations: pickedCompletion.of(completion) });
  };
}

function thing(one) {
  const since = [one.validFrom, one.validTo].some(Boolean) ? `${one.validFrom ?? ""}–${one.validTo ?? ""}` : null;
  return {
    label: one.label ?? one.iri,
    displayLabel: one.label ?? one.iri,
    detail: [one.kindLabel, one.notation, since].filter(Boolean).join(" · "),
    type: "constant",
    apply: (view, completion, from, to) => {
      const closed = view.state.sliceDoc(to, to + 1) === ">" ? to + 1 : to;
      view.dispatch({ ...insertCompletionText(view.state, `<${one.iri}>`, from, closed), annotations: pickedCompletion.of(completion) });
    },
  };
}

// What an address or a name with prefix means, when the pointer rests on it.
export const hover = hoverTooltip(async (view, at) => {
  const line = view.state.doc.lineAt(at);
  for (const found of line.text.matchAll(/<([^<>\s]+)>|[A-Za-z][\w-]*:[\w.-]*\w/g)) {
    const from = line.from + found.index;
    const to = from + found[0].length;
    if (at < from || at > to) continue;
    const said = found[1] ? await name(found[1]) : await meaning(found[0]);
    if (!said) return null;
    return { pos: from, end: to, above: true, create: () => ({ dom: make("div", {}, ...said.map((text) => make("p", {}, text))) }) };
  }
  return null;
});

async function name(iri) {
  await learn([iri]);
  const label = knownAs(iri)?.label;
  return label ? [label] : null;
}

async function meaning(written) {
  const found = (await vocabulary()).terms.find((one) => one.name === written);
  return found?.label ? [found.label, ...(found.definition ? [found.definition] : [])] : null;
}

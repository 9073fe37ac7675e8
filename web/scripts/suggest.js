// Suggestions while somebody types: a combobox with a list box (WAI-ARIA 1.2) on every <input data-suggest>.
//
//   data-suggest        address of the suggestions, as /api/v1/suggest
//   data-suggest-list   name of the list for who does not see it
//   data-suggest-all    the last row, {text} stands for what was typed
//   data-suggest-said   what is said of their number, {number} stands for it; -none where there are none
//   data-suggest-kind   kinds to suggest, joined by commas
//   data-suggest-value  "iri": choosing writes the short name of the thing into the field; else it opens its page
const WAIT = 90; // milliseconds of silence after which is asked
const KEPT = 60; // answers that are remembered

export function suggest() {
  let number = 0;
  for (const input of document.querySelectorAll("input[data-suggest]")) combobox(input, `suggest-${(number += 1)}`);
}

function combobox(input, id) {
  const { suggestList, suggestAll, suggestSaid, suggestSaidNone, suggestKind, suggestValue } = input.dataset;
  const address = input.dataset.suggest || "/api/v1/suggest";
  const list = element("ul", { id, role: "listbox", className: "suggestions", hidden: true });
  list.setAttribute("aria-label", suggestList ?? "");
  const said = element("p", { className: "hidden" });
  said.setAttribute("role", "status");
  const frame = element("div", { className: "suggest" });
  const set = (name, value) => input.setAttribute(name, value);
  // Inside a label, what is suggested and said would become part of the name of the field.
  const around = input.closest("label");
  if (around) set("aria-label", around.textContent.trim());
  input.replaceWith(frame);
  frame.append(input, list, said);
  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", id);
  set("aria-expanded", "false");
  set("autocomplete", "off");
  input.spellcheck = false;

  const kept = new Map();
  let asking; // what can be aborted
  let waiting; // the timer
  let active = -1;
  let shownFor = "";

  const options = () => list.querySelectorAll("[role=option]");

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    active = -1;
    set("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    const all = options();
    if (!all.length) return;
    active = next < -1 ? all.length - 1 : next >= all.length ? -1 : next;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    set("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    if (option.dataset.value === undefined) return location.assign(option.dataset.page);
    input.value = option.dataset.value;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function show(text, items) {
    shownFor = text;
    active = -1;
    list.replaceChildren(...items.map((item, place) => row(item, `${id}-${place}`, suggestValue === "iri")));
    if (items.length && suggestAll && input.form && suggestValue !== "iri") {
      const all = element("li", { id: `${id}-all`, className: "all", textContent: suggestAll.replace("{text}", text) });
      all.setAttribute("role", "option");
      all.setAttribute("aria-selected", "false");
      all.dataset.page = search(input.form, input.name, text);
      list.append(all);
    }
    input.removeAttribute("aria-activedescendant");
    list.hidden = !items.length;
    set("aria-expanded", String(items.length > 0));
    said.textContent = items.length ? (suggestSaid ?? "").replace("{number}", items.length) : (suggestSaidNone ?? "");
  }

  async function ask(text) {
    asking?.abort();
    if (kept.has(text)) return show(text, kept.get(text));
    asking = new AbortController();
    const { signal } = asking;
    const query = new URLSearchParams({ q: text, limit: 8, lang: document.documentElement.lang });
    if (suggestKind) query.set("kind", suggestKind);
    try {
      const answer = await fetch(`${address}?${query}`, { signal, headers: { accept: "application/json" } });
      if (!answer.ok) return close();
      const { items } = await answer.json();
      kept.set(text, items);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
      // An answer that comes after the field was left or changed is nobody's.
      if (!signal.aborted && document.activeElement === input && typed() === text) show(text, items);
    } catch (error) {
      if (error.name !== "AbortError") close(); // without the server the form still works
    }
  }

  const typed = () => input.value.trim().normalize("NFC").slice(0, 300);

  function soon(event) {
    clearTimeout(waiting);
    const text = typed();
    if (!text) return close();
    // Telex and VNI keep a word open while its marks are typed; what stands there is not the word yet, so a little longer.
    waiting = setTimeout(() => text === typed() && ask(text), event?.isComposing ? 3 * WAIT : WAIT);
  }

  input.addEventListener("input", soon);
  input.addEventListener("compositionend", soon);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Enter and arrows belong to the input method
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open) return mark(active + (event.key === "ArrowDown" ? 1 : -1));
      if (typed()) ask(typed());
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault(); // a search field would be emptied
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
  input.addEventListener("focus", () => shownFor && shownFor === typed() && options().length && show(shownFor, kept.get(shownFor) ?? []));
  input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && close()));
  input.form?.addEventListener("submit", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

function row(item, id, writes) {
  const option = element("li", { id });
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.page = kept(item.page ?? item.iri);
  if (writes) option.dataset.value = item.iri.replace(/^.*\/id\/([^/]+)\/([^/]+)$/, "$1:$2");
  const name = element("span", { className: "name", textContent: item.label ?? item.iri });
  if (item.language) name.lang = item.language;
  const more = [item.kindLabel, item.notation, item.note].filter(Boolean).join(" · ");
  option.append(name, element("span", { className: "more", textContent: more }));
  return option;
}

// The date and the language of this page go along, as in every link that the server writes.
function kept(path) {
  const here = new URLSearchParams(location.search);
  const address = new URL(path, location.origin);
  for (const name of ["asOf", "lang"]) if (here.has(name)) address.searchParams.set(name, here.get(name));
  return address.href;
}

function search(form, name, text) {
  const address = new URL(form.action, location.origin);
  for (const [key, value] of new FormData(form)) address.searchParams.set(key, value);
  address.searchParams.set(name, text);
  return address.href;
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

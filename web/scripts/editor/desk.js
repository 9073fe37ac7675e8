// Where a query is written and asked: run and cancel, the address to share, and what was asked before in this browser.
import { parsed } from "./answer.js";
import { History } from "./history.js";
import { duration, make, number, t } from "./words.js";
import { Writing } from "./writing.js";

const FORMS = "application/sparql-results+json, application/n-triples;q=0.9";
const LONGEST = 8_000; // of an address that every proxy between passes on

export class Desk {
  constructor(form, results) {
    this.form = form;
    this.results = results;
    this.run = form.querySelector("[data-run]");
    this.stop = form.querySelector("[data-cancel]");
    this.progress = form.querySelector("[data-progress]");
    this.asking = null;
    this.writing = new Writing(form.querySelector("[data-editor]"), form.query, {
      run: () => this.ask(),
      leave: () => (this.asking ? this.stop : this.run).focus(),
    });
    this.history = new History(document.querySelector("[data-history]"), (text) => {
      this.writing.text = text;
      this.writing.focus();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    this.stop.addEventListener("click", () => this.asking?.abort());
    const share = form.querySelector("[data-share]");
    share.hidden = false;
    share.addEventListener("click", () => this.share());
    form.querySelector("[data-keys]").hidden = false;
  }

  async ask() {
    this.asking?.abort();
    const text = this.writing.text;
    if (!text.trim()) return this.writing.focus();
    const asking = new AbortController();
    this.asking = asking;
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    const tell = () => (this.progress.textContent = t("running", { seconds: number(Math.floor(seconds())) }));
    tell();
    const telling = setInterval(tell, 1000);
    this.stop.hidden = false;
    this.writing.mark(null);
    this.results.place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`/sparql?lang=${document.documentElement.lang}`, {
        method: "POST",
        body: new URLSearchParams({ query: text }),
        headers: { Accept: FORMS },
        signal: asking.signal,
      });
      const body = await answer.text();
      if (answer.ok) {
        const found = parsed(body, answer.headers.get("Content-Type"), seconds());
        this.results.show(found, { text });
        this.progress.textContent = t("answered", { seconds: duration(found.seconds) });
        this.history.add({ text, rows: found.total, seconds: found.seconds });
        this.place(text);
      } else this.trouble(JSON.parse(body), text);
    } catch (error) {
      if (this.asking !== asking) return; // another question has begun
      this.progress.textContent = error.name === "AbortError" ? t("cancelled") : "";
      if (error.name !== "AbortError") this.trouble({ detail: t("no_server") }, text);
    } finally {
      clearInterval(telling);
      if (this.asking === asking) {
        this.asking = null;
        const held = document.activeElement === this.stop;
        this.stop.hidden = true;
        if (held) this.run.focus();
        this.results.place.removeAttribute("aria-busy");
      }
    }
  }

  trouble(problem) {
    this.progress.textContent = t("failed");
    const hints = (problem.hints ?? []).map((hint) => make("li", {}, typeof hint === "string" ? hint : hint[document.documentElement.lang]));
    const help = problem.type?.startsWith("/help/errors/") ? make("p", {}, make("a", { href: problem.type }, t("help"))) : null;
    const list = hints.length ? make("ul", {}, ...hints) : null;
    this.results.place.replaceChildren(make("section", { class: "trouble", id: "query-error", role: "alert" }, make("p", {}, problem.detail), list, help));
    if (problem.line) this.writing.mark({ line: problem.line, column: problem.column, message: problem.detail });
  }

  // The address of the page is the one of what is shown, where it fits into one.
  place(text) {
    const address = this.address(text);
    if (address.length <= LONGEST) history.replaceState(null, "", address);
  }

  address(text) {
    const language = new URLSearchParams(location.search).get("lang");
    return `/sparql?${new URLSearchParams({ query: text, ...(language ? { lang: language } : {}) })}`;
  }

  async share() {
    const address = this.address(this.writing.text);
    const fits = address.length <= LONGEST;
    if (fits) await copy(new URL(address, location.href).href);
    this.progress.textContent = t(fits ? "copied" : "too_long");
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // An intranet without TLS has no clipboard interface.
    const field = make("textarea", { class: "hidden" }, text);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

// What was asked before, in this browser and nowhere else.
import { block, duration, make, number, t } from "./words.js";

const KEY = "chiso.queries";
const MOST = 30;
const LONGEST = 20_000;

export class History {
  constructor(place, use) {
    this.place = place;
    this.use = use;
    this.list = place.querySelector("ol");
    place.hidden = false;
    place.querySelector("[data-history-clear]").addEventListener("click", () => this.keep([]));
    this.write();
  }

  kept() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(found) ? found.filter((one) => typeof one?.text === "string") : [];
    } catch {
      return [];
    }
  }

  keep(entries) {
    try {
      localStorage.setItem(KEY, JSON.stringify(entries));
    } catch {
      // A browser that keeps nothing has no history.
    }
    this.write();
  }

  add({ text, rows, seconds }) {
    if (text.length > LONGEST) return;
    const entry = { text, rows, seconds, when: new Date().toISOString() };
    this.keep([entry, ...this.kept().filter((one) => one.text !== text)].slice(0, MOST));
  }

  write() {
    const entries = this.kept();
    const when = new Intl.DateTimeFormat(block.language, { dateStyle: "short", timeStyle: "short" });
    this.place.querySelector("[data-history-empty]").hidden = entries.length > 0;
    this.place.querySelector("[data-history-clear]").hidden = entries.length === 0;
    this.list.replaceChildren(
      ...entries.map((one) =>
        make(
          "li",
          {},
          make("pre", {}, gist(one.text)),
          make(
            "p",
            { class: "small" },
            `${day(when, one.when)} · ${t("done", { rows: number(one.rows), seconds: duration(one.seconds) })} `,
            make("button", { type: "button", class: "plain small", onclick: () => this.use(one.text) }, t("use")),
          ),
        ),
      ),
    );
  }
}

function day(format, when) {
  const moment = new Date(when);
  return Number.isNaN(moment.getTime()) ? "" : format.format(moment);
}

// The query without its prefixes, a few lines of it.
function gist(text) {
  const lines = text.split("\n").filter((line) => line.trim() && !/^\s*PREFIX\b/i.test(line));
  return lines.slice(0, 4).join("\n") + (lines.length > 4 ? "\n…" : "");
}

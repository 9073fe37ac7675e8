// The pages of questions in SPARQL load this beside site.js: tables, charts and graphs of answers, and the editor, which
// comes as a file of its own where the page has a place for it.
import { Results } from "./editor/results.js";
import { shownByServer } from "./editor/answer.js";

const place = document.querySelector("[data-answer]");
const asked = document.querySelector("form[data-ask]");
const results = new Results(place);

const answer = shownByServer(place);
if (answer) results.show(answer, { text: asked?.query.value, links: [...place.querySelectorAll(".forms a")] });

if (asked) {
  const { Desk } = await import("./editor/desk.js");
  new Desk(asked, results);
}

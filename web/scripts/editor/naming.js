// What IRIs are called: asked for in one request per page of a table, and remembered as long as the page is open.
import { block } from "./words.js";

const MOST = 200;
const known = new Map();

export function knownAs(iri) {
  return known.get(iri);
}

// Learn the names of `iris`; where the server cannot be asked they stay as they are.
export async function learn(iris) {
  const missing = [...new Set(iris)].filter((iri) => !known.has(iri) && iri.length <= 2000 && /^[A-Za-z][\w+.-]*:/.test(iri));
  for (let at = 0; at < missing.length; at += MOST) {
    const part = missing.slice(at, at + MOST);
    try {
      const answer = await fetch(`/api/v1/labels?lang=${block.language}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ iris: part }),
      });
      if (!answer.ok) return;
      for (const one of (await answer.json()).labels) known.set(one.iri, one);
    } catch {
      return;
    }
  }
}

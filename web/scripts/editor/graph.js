// The graph of a CONSTRUCT: things and the edges between them. Beyond a limit the best connected are drawn, and it says so.
import { knownAs, learn } from "./naming.js";
import { draw, make, number, t } from "./words.js";

const MOST_NODES = 60;
const FINEST = 1.8; // units of the picture to a pixel, beyond which nobody can read it: then it begins in its middle
const ROUNDS = 300;
const NAMES = new Set(["skos:prefLabel", "rdfs:label", "dct:title", "foaf:name"]);

export async function network(answer) {
  // Of what class things are would tie all of them to one node; it is drawn where there is nothing else.
  const untyped = gathered(answer.rows.filter((row) => row[1]?.text !== "rdf:type"));
  const { nodes, edges } = untyped.edges.length ? untyped : gathered(answer.rows);
  if (!edges.length) return make("p", {}, t("graph_none"));
  const ranked = [...nodes.values()].sort((a, b) => b.degree - a.degree || (a.key < b.key ? -1 : 1)).slice(0, MOST_NODES);
  const chosen = new Set(ranked.map((node) => node.key));
  const between = edges.filter((edge) => chosen.has(edge.start) && chosen.has(edge.end));
  const tied = new Set(between.flatMap((edge) => [edge.start, edge.end]));
  const shown = ranked.filter((node) => tied.has(node.key));
  const kept = new Map(shown.map((node, at) => [node.key, Object.assign(node, { at })]));
  const unnamed = [...shown.filter((node) => node.iri && !node.name).map((node) => node.iri), ...between.map((edge) => edge.iri)];
  await learn(unnamed);
  for (const node of shown) node.name ??= knownAs(node.iri)?.label ?? last(node.text);
  const size = spread(shown, between.map((edge) => [kept.get(edge.start).at, kept.get(edge.end).at]));
  const note = nodes.size > shown.length ? `${t("graph_first", { nodes: number(nodes.size), shown: number(shown.length) })} ` : "";
  const about = note + t("graph_about", { nodes: number(shown.length), edges: number(between.length) });
  return make("figure", {}, picture(shown, between, kept, size), make("figcaption", {}, about));
}

// Of a thing without a name the last part of its address.
function last(text) {
  return text.includes("://") ? text.replace(/[/#]+$/, "").split(/[/#]/).at(-1) : text;
}

function gathered(rows) {
  const nodes = new Map();
  const edges = [];
  const node = (cell) => {
    const key = cell.iri ?? cell.text;
    if (!nodes.has(key)) nodes.set(key, { key, iri: cell.iri, text: cell.text, name: cell.name ?? null, degree: 0 });
    return nodes.get(key);
  };
  const thing = (cell) => cell.iri !== undefined || (cell.text.startsWith("_:") && !cell.language && !cell.type);
  for (const [subject, predicate, object] of rows) {
    if (!subject || !predicate || !object) continue;
    const start = node(subject);
    if (thing(object)) {
      const end = node(object);
      edges.push({ start: start.key, end: end.key, iri: predicate.iri, text: predicate.text, name: predicate.name });
      start.degree += 1;
      end.degree += 1;
    } else if (NAMES.has(predicate.text) && (!start.name || object.language === document.documentElement.lang)) start.name = object.text;
  }
  return { nodes: new Map([...nodes].filter(([, one]) => one.degree)), edges };
}

// Fruchterman and Reingold's forces from a circle, so that the same answer is always the same picture.
function spread(nodes, pairs) {
  const count = nodes.length;
  const ideal = 110;
  nodes.forEach((node, at) => {
    const turn = at * 2.399963; // the golden angle: no two in one direction
    node.x = Math.cos(turn) * ideal * Math.sqrt(at + 0.5) * 0.7;
    node.y = Math.sin(turn) * ideal * Math.sqrt(at + 0.5) * 0.7;
  });
  for (let round = 0; round < ROUNDS; round++) {
    const heat = (ideal * (ROUNDS - round)) / ROUNDS / 2;
    const push = nodes.map(() => [0, 0]);
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) {
        const dx = nodes[a].x - nodes[b].x || 0.01 * (a - b);
        const dy = nodes[a].y - nodes[b].y || 0.01;
        const force = (ideal * ideal) / Math.max(dx * dx + dy * dy, 100);
        push[a][0] += dx * force;
        push[a][1] += dy * force;
        push[b][0] -= dx * force;
        push[b][1] -= dy * force;
      }
      // Towards the middle, more from above and below: pages are wider than high.
      push[a][0] -= nodes[a].x * 0.02 * (10 + count / 2);
      push[a][1] -= nodes[a].y * 0.04 * (10 + count / 2);
    }
    for (const [a, b] of pairs) {
      const dx = nodes[a].x - nodes[b].x;
      const dy = nodes[a].y - nodes[b].y;
      const force = Math.hypot(dx, dy) / ideal;
      push[a][0] -= dx * force;
      push[a][1] -= dy * force;
      push[b][0] += dx * force;
      push[b][1] += dy * force;
    }
    nodes.forEach((node, at) => {
      const length = Math.hypot(...push[at]) || 1;
      node.x += (push[at][0] / length) * Math.min(length, heat);
      node.y += (push[at][1] / length) * Math.min(length, heat);
    });
  }
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const [left, top] = [Math.min(...xs) - 100, Math.min(...ys) - 40];
  return [left, top, Math.max(...xs) + 100 - left, Math.max(...ys) + 50 - top];
}

function picture(nodes, edges, kept, whole) {
  const svg = draw("svg", { viewBox: begun(whole).join(" "), role: "group", "aria-label": t("graph") });
  const lines = edges.map((edge) => {
    const [a, b] = [kept.get(edge.start), kept.get(edge.end)];
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const [ux, uy] = [(b.x - a.x) / length, (b.y - a.y) / length];
    const [x, y] = [b.x - ux * 10, b.y - uy * 10];
    const tip = `M${x} ${y}L${x - ux * 8 - uy * 4} ${y - uy * 8 + ux * 4}L${x - ux * 8 + uy * 4} ${y - uy * 8 - ux * 4}Z`;
    const name = edge.name ?? knownAs(edge.iri)?.label ?? edge.text;
    return {
      edge,
      name,
      parts: [draw("path", { class: "edge", d: `M${a.x} ${a.y}L${b.x} ${b.y}` }), draw("path", { class: "tip", d: tip })],
      said: draw("text", { class: "said", x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 - 4, "text-anchor": "middle" }, cut(name, 40)),
    };
  });
  const drawn = new Map();
  for (const node of nodes) {
    const told = lines
      .filter(({ edge }) => edge.start === node.key || edge.end === node.key)
      .map(({ edge, name }) => `${kept.get(edge.start).name} – ${name} → ${kept.get(edge.end).name}`)
      .slice(0, 40)
      .join("\n");
    const group = draw(
      "g",
      { class: "node", tabindex: "0", role: "img", "aria-label": `${node.name}. ${told}` },
      draw("title", {}, `${node.name}\n${told}`),
      draw("circle", { cx: node.x, cy: node.y, r: 8 }),
      draw("text", { x: node.x, y: node.y + 24, "text-anchor": "middle" }, cut(node.name, 24)),
    );
    const look = (on) => () => {
      svg.classList.toggle("looking", on);
      for (const one of drawn.values()) one.classList.toggle("near", on && one === group);
      for (const { edge, parts, said } of lines) {
        const near = on && (edge.start === node.key || edge.end === node.key);
        for (const part of [...parts, said]) part.classList.toggle("near", near);
        if (near) for (const end of [edge.start, edge.end]) drawn.get(end).classList.add("near");
      }
    };
    for (const [event, on] of [["pointerenter", true], ["focus", true], ["pointerleave", false], ["blur", false]]) group.addEventListener(event, look(on));
    drawn.set(node.key, group);
  }
  svg.append(...lines.flatMap(({ parts }) => parts), ...drawn.values(), ...lines.map(({ said }) => said));
  return make("div", { class: "graph" }, svg, tools(svg, whole));
}

// What is seen first: all of it where that can be read.
function begun(whole) {
  const width = document.querySelector("main").clientWidth * FINEST;
  return whole[2] <= width ? [...whole] : [whole[0] + (whole[2] - width) / 2, whole[1], width, whole[3]];
}

function tools(svg, whole) {
  let box = begun(whole);
  const put = (next) => {
    box = next;
    svg.setAttribute("viewBox", box.join(" "));
  };
  const zoom = (times) => put([box[0] + (box[2] * (1 - times)) / 2, box[1] + (box[3] * (1 - times)) / 2, box[2] * times, box[3] * times]);
  let held = null;
  svg.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, box };
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!held) return;
    const unit = Math.max(held.box[2] / svg.clientWidth, held.box[3] / svg.clientHeight);
    put([held.box[0] - (event.clientX - held.x) * unit, held.box[1] - (event.clientY - held.y) * unit, held.box[2], held.box[3]]);
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => (held = null));
  const button = (name, sign, act) => make("button", { type: "button", class: "plain small", title: t(name), "aria-label": t(name), onclick: act }, sign);
  return make("div", { class: "tools" }, button("larger", "+", () => zoom(0.8)), button("smaller", "−", () => zoom(1.25)), button("whole", "⤢", () => put([...whole])));
}

function cut(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

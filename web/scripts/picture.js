// Pictures: zoom, pan, a walk by keys, PNG. Words come from the page; without this the picture scrolls and its links work.
import { say } from "./copying.js";

const STEP = 1.2, LEAST = 0.15, MOST = 4, SMALLEST_AT_FIRST = 0.78, LARGEST_PNG = 16_000;

export function picture() {
  for (const figure of document.querySelectorAll("[data-picture]")) start(figure);
}

function start(figure) {
  const view = figure.querySelector(".picture-view");
  const svg = view.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  let scale = 1;

  function zoom(to, x = view.clientWidth / 2, y = view.clientHeight / 2) {
    const next = Math.min(MOST, Math.max(LEAST, to));
    const left = (view.scrollLeft + x) / scale, top = (view.scrollTop + y) / scale;
    scale = next;
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
    view.scrollTo({ left: left * scale - x, top: top * scale - y, behavior: "instant" });
  }
  const fit = () => zoom(Math.min(view.clientWidth / width, document.fullscreenElement === view ? view.clientHeight / height : 1, 1.4));
  const acts = {
    in: () => zoom(scale * STEP),
    out: () => zoom(scale / STEP),
    fit,
    full: () => (document.fullscreenElement ? document.exitFullscreen() : view.requestFullscreen?.()),
  };
  figure.querySelector(".picture-zoom").hidden = false;
  figure.querySelector(".picture-keys").hidden = false;
  for (const button of figure.querySelectorAll("[data-zoom]")) button.addEventListener("click", () => acts[button.dataset.zoom]());
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = view.getBoundingClientRect();
    zoom(scale * (event.deltaY < 0 ? STEP : 1 / STEP), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  const heads = svg.querySelector(".heads");
  view.addEventListener("scroll", () => heads.setAttribute("transform", `translate(0 ${view.scrollTop / scale})`), { passive: true });

  dragging(view);
  walking(figure, view, svg, acts);
  png(figure);

  // At first: a little smaller where that is enough to see all of it; else in full size, with the centre in sight.
  const whole = view.clientWidth / width;
  if (whole < 1 && whole >= SMALLEST_AT_FIRST) zoom(whole);
  const target = location.hash.length > 1 && svg.querySelector(`a[data-box="${CSS.escape(decodeURIComponent(location.hash.slice(1)))}"]`);
  show(view, target || box(svg, figure.dataset.centre));
}

const box = (svg, key) => svg.querySelector(`a[data-box="${CSS.escape(key)}"]`);

function show(view, element) {
  if (!element) return;
  const inner = element.getBoundingClientRect(), outer = view.getBoundingClientRect();
  view.scrollBy({
    left: inner.left + inner.width / 2 - outer.left - outer.width / 2,
    top: inner.top + inner.height / 2 - outer.top - outer.height / 2,
    behavior: "instant",
  });
}

function dragging(view) {
  let from = null;
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button || event.target.closest("a")) return;
    from = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop };
    view.setPointerCapture(event.pointerId);
    view.classList.add("grabbing");
  });
  view.addEventListener("pointermove", (event) => {
    if (from) view.scrollTo({ left: from.left - event.clientX + from.x, top: from.top - event.clientY + from.y, behavior: "instant" });
  });
  for (const name of ["pointerup", "pointercancel"]) {
    view.addEventListener(name, () => {
      from = null;
      view.classList.remove("grabbing");
    });
  }
}

// One stop of the Tab key; from a box along its ties, on a tie to the box at either end.
function walking(figure, view, svg, acts) {
  const boxes = [...svg.querySelectorAll("a.box")], ties = [...svg.querySelectorAll("a.tie")];
  const frame = new Map(boxes.map((one) => [one, one.querySelector(".body").getBBox()]));
  const over = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "g"));
  over.setAttribute("class", "over");
  over.setAttribute("aria-hidden", "true");
  const middle = (one) => frame.get(one).y + frame.get(one).height / 2;
  const end = (tie, side) => box(svg, tie.dataset[side]);
  let last = boxes[0], stop = box(svg, figure.dataset.centre) ?? boxes[0];
  for (const one of [...boxes, ...ties, ...svg.querySelectorAll("a.turn")]) one.setAttribute("tabindex", "-1");
  stop?.setAttribute("tabindex", "0");

  function of(one, side) {
    // A line that leaves on the right has the box at its left end.
    const [mine, other] = side === "right" ? ["left", "right"] : ["right", "left"];
    return ties
      .filter((tie) => tie.dataset[mine] === one.dataset.box && end(tie, other))
      .sort((a, b) => middle(end(a, other)) - middle(end(b, other)));
  }
  function light(element) {
    over.replaceChildren();
    for (const lit of svg.querySelectorAll(".lit")) lit.classList.remove("lit");
    svg.classList.toggle("walking", Boolean(element));
    if (!element) return;
    const lit = element.matches(".tie") ? [element] : ties.filter((tie) => [tie.dataset.left, tie.dataset.right].includes(element.dataset.box));
    if (element.matches(".tie")) over.append(element.querySelector(".plate").cloneNode(true));
    for (const tie of lit) for (const one of [tie, end(tie, "left"), end(tie, "right")]) one?.classList.add("lit");
    element.classList.add("lit");
  }
  function go(element) {
    if (!element) return;
    stop?.setAttribute("tabindex", "-1");
    stop = element;
    stop.setAttribute("tabindex", "0");
    stop.focus({ preventScroll: true });
    show(view, element.matches(".tie") ? element.querySelector(".edge") : element);
  }
  const near = (list, element, by) => list[list.indexOf(element) + by];
  function column(one, by) {
    const x = frame.get(one).x;
    return near(boxes.filter((other) => frame.get(other).x === x).sort((a, b) => frame.get(a).y - frame.get(b).y), one, by);
  }
  const keys = {
    ArrowRight: (here) => (here.matches(".tie") ? end(here, "right") : of(here, "right")[0]),
    ArrowLeft: (here) => (here.matches(".tie") ? end(here, "left") : of(here, "left")[0]),
    ArrowDown: (here) => (here.matches(".tie") ? near(siblings(here), here, 1) : column(here, 1)),
    ArrowUp: (here) => (here.matches(".tie") ? near(siblings(here), here, -1) : column(here, -1)),
    Home: () => box(svg, figure.dataset.centre),
  };
  function siblings(tie) {
    const right = of(last, "right");
    return right.includes(tie) ? right : of(last, "left");
  }
  view.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const act = { "+": acts.in, "=": acts.in, "-": acts.out, 0: acts.fit }[event.key];
    const here = event.target.closest("a.box, a.tie");
    if (act) act();
    else if (here && keys[event.key]) go(keys[event.key](here));
    else if (here && event.key === "Escape") view.focus();
    else return;
    event.preventDefault();
  });
  // Not on the svg itself: Chromium lets the Tab key stop at an svg that listens for focus.
  view.addEventListener("focusin", (event) => {
    const here = event.target.closest("a.box, a.tie");
    if (here?.matches(".box")) last = here;
    if (here?.matches(":focus-visible")) light(here);
  });
  view.addEventListener("focusout", () => light(null));
  svg.addEventListener("pointerover", (event) => {
    const here = event.target.closest("a.box, a.tie");
    if (here) light(here);
  });
  svg.addEventListener("pointerout", () => light(document.activeElement?.closest?.("a.box, a.tie") ?? null));
}

function png(figure) {
  const button = figure.querySelector("[data-png]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const image = new Image();
      image.src = button.dataset.png;
      await image.decode();
      const scale = Math.min(2, LARGEST_PNG / image.naturalWidth, LARGEST_PNG / image.naturalHeight);
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * scale;
      canvas.height = image.naturalHeight * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done, fail) => canvas.toBlob((made) => (made ? done(made) : fail(new Error("too large"))), "image/png"));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch {
      say(button.dataset.failed);
    }
  });
}

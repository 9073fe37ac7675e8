// What the server gave these scripts: words in the language of the page, prefixes, addresses.
export const block = JSON.parse(document.querySelector("#editor-block").textContent);

const numbers = new Intl.NumberFormat(block.language, { maximumFractionDigits: 2 });

export function number(value) {
  return numbers.format(value);
}

// Seconds; nothing takes none at all.
export function duration(seconds) {
  return number(Math.max(seconds, 0.01));
}

export function t(key, values = {}) {
  return block.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// An element with text and children; nothing is ever read as markup.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  return dress(element, attributes, children);
}

export function draw(name, attributes = {}, ...children) {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function dress(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const STARTS = Object.entries(block.prefixes);

// An IRI as people write it: with the prefix of its vocabulary, a thing of this catalogue by kind and key, else whole.
export function short(iri) {
  for (const [prefix, start] of STARTS) if (iri.startsWith(start)) return `${prefix}:${iri.slice(start.length)}`;
  return iri;
}

// The address of the web that may stand in a link; none for `javascript:` and the like.
export function webAddress(text) {
  try {
    const address = new URL(text);
    return ["http:", "https:"].includes(address.protocol) && address.host ? address.href : null;
  } catch {
    return null;
  }
}

// Text without case and marks, as people type it: đ is d.
export function folded(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "").replaceAll("đ", "d");
}

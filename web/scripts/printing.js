// Buttons that print: <button data-print hidden>. Without scripts they stay hidden; the browser's own menu prints too.
export function printing() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

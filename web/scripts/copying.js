// Buttons that copy: <button data-copy="text" data-copied="what is said then" hidden>. Without scripts they stay hidden.
export function copying() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await write(button.dataset.copy);
      say(button.dataset.copied);
    });
  }
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // An intranet without TLS has no clipboard interface.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "hidden";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

let shown;

export function say(text) {
  shown?.remove();
  shown = document.createElement("p");
  shown.className = "toast";
  shown.setAttribute("role", "status");
  document.body.append(shown);
  shown.textContent = text;
  const mine = shown;
  setTimeout(() => mine.remove(), 3000);
}

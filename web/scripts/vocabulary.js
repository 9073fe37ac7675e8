// The picture of the model: the lines of the box under the pointer or the focus stand out from the others.
export function vocabulary() {
  for (const picture of document.querySelectorAll("svg[data-model]")) {
    const show = (box) => {
      picture.classList.toggle("chosen", Boolean(box));
      for (const line of picture.querySelectorAll("[data-from]")) {
        line.classList.toggle("near", Boolean(box) && (line.dataset.from === box || line.dataset.to === box));
      }
    };
    const over = (event) => show(event.target.closest("[data-box]")?.dataset.box);
    for (const kind of ["pointerover", "focusin"]) picture.addEventListener(kind, over);
    for (const kind of ["pointerleave", "focusout"]) picture.addEventListener(kind, () => show());
  }
}

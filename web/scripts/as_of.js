// The date control closes on Escape and on a click elsewhere.
export function asOf() {
  const control = document.querySelector(".as-of-control");
  if (!control) return;
  document.addEventListener("click", (event) => {
    if (control.open && !control.contains(event.target)) control.open = false;
  });
  control.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && control.open) {
      control.open = false;
      control.querySelector("summary").focus();
    }
  });
}

// Light or dark: the links of the header work without this; here they do it without loading the page again.
const YEAR = 31_536_000;

export function theme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  for (const link of document.querySelectorAll("a[data-theme-choice]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const shown = document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
      const chosen = shown === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = chosen;
      document.cookie = `theme=${chosen}; path=/; max-age=${YEAR}; samesite=lax`;
    });
  }
}

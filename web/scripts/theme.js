// Light or dark: the links of the header work without this; here they do it without loading the page again.
const YEAR = 31_536_000;

export function theme() {
  const links = [...document.querySelectorAll("a[data-theme-choice]")];
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const chosen = link.dataset.themeChoice;
      document.documentElement.dataset.theme = chosen;
      document.cookie = `theme=${chosen}; path=/; max-age=${YEAR}; samesite=lax`;
      links.find((other) => other !== link)?.focus(); // the one that was clicked is hidden now
    });
  }
}

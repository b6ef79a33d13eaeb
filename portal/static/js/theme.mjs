// The colour-scheme key: changes at once and remembers, without loading the page again.
const ORDER = ["auto", "light", "dark"];

export const nextTheme = (current) => ORDER[(ORDER.indexOf(current) + 1) % ORDER.length];

export function bindTheme(key, root = document.documentElement) {
  key.addEventListener("click", (click) => {
    click.preventDefault();
    const theme = nextTheme(root.dataset.theme);
    root.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    const name = key.getAttribute(`data-name-${theme}`);
    key.querySelector("[data-theme-name]").textContent = name;
    key.title = `${key.querySelector(".hide").textContent.trim()}`;
  });
}

for (const key of document.querySelectorAll("[data-theme-switch]")) bindTheme(key);

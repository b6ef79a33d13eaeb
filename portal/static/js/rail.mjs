// Keeps the count beside a way of the rail right while the page follows something.
const CALM_MS = 500;

export function bindRail({ root = document, fetch = window.fetch.bind(window) } = {}) {
  const figure = root.querySelector("[data-rail-count]");
  if (!figure) return;
  let waiting = 0;
  root.addEventListener("live:event", () => {
    waiting ||= setTimeout(() => { waiting = 0; refresh(figure, fetch); }, CALM_MS);
  });
}

async function refresh(figure, fetch) {
  try {
    const answer = await fetch(figure.dataset.railCount, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const template = document.createElement("template");
    template.innerHTML = await answer.text(); // our own server's fragment, escaped there
    const now = template.content.querySelector('a[href*="status=active"] .count');
    if (now) figure.textContent = now.textContent;
  } catch {
    // the network went away; the next event brings the count
  }
}

bindRail();

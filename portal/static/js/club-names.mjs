// Names after an @: chosen by arrows and Enter, by Tab, or by a click; Escape lets them go.
import { nameBefore } from "./marks.mjs";

const CALM_MS = 150;

export function bindNames(box, area, fetch) {
  const list = box.querySelector("[data-names]");
  let waiting;
  let asked;
  let at = -1;
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);

  const close = () => {
    clearTimeout(waiting);
    asked?.abort();
    list.hidden = true;
    at = -1;
    area.removeAttribute("aria-activedescendant");
  };
  const choose = (number) => {
    at = number;
    [...list.children].forEach((each, place) => each.setAttribute("aria-selected", String(place === at)));
    area.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const take = (item) => {
    const end = area.selectionStart;
    const start = end - nameBefore(area.value, end).length;
    area.setRangeText(`${item.dataset.handle} `, start, end, "end");
    close();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    area.focus();
  };
  const show = (people) => {
    list.replaceChildren(...people.map(asItem));
    list.hidden = !people.length;
    if (people.length) choose(0);
    else close();
  };
  const ask = async (begun) => {
    asked = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.peopleUrl}?q=${encodeURIComponent(begun)}`, { signal: asked.signal });
      if (answer.ok) show((await answer.json()).people);
    } catch {
      // off line, or typed on
    }
  };
  area.addEventListener("input", () => {
    clearTimeout(waiting);
    const begun = nameBefore(area.value, area.selectionStart);
    if (!begun) { close(); return; }
    asked?.abort();
    waiting = setTimeout(() => ask(begun), CALM_MS);
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") choose(at < last ? at + 1 : 0);
    else if (event.key === "ArrowUp") choose(at > 0 ? at - 1 : last);
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  area.addEventListener("blur", () => setTimeout(close, 200)); // a click on a name comes first
  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("[role=option]");
    if (!item) return;
    event.preventDefault();
    take(item);
  });
}

function asItem(person, number) {
  const item = document.createElement("li");
  item.id = `club-name-${number}`;
  item.setAttribute("role", "option");
  item.dataset.handle = person.handle;
  const handle = document.createElement("b");
  handle.textContent = `@${person.handle}`;
  const name = document.createElement("bdi");
  name.textContent = person.name;
  item.append(handle, name);
  return item;
}

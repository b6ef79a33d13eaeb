// Chosen rows of a list: one box chooses all of the page, and a line says how many are chosen.
//   [data-choose-all]  the box above (shown only when this script runs)
//   [data-choice]      the boxes of the rows
//   [data-chosen]      says "{count} chosen"; its own words stand there when none is
export function bindChoices(root = document) {
  const all = root.querySelector("[data-choose-all]");
  const boxes = () => [...root.querySelectorAll("[data-choice]")];
  const line = root.querySelector("[data-chosen]");
  const usual = line?.textContent;
  if (!all) return;
  all.hidden = false;

  function tell() {
    const every = boxes();
    const chosen = every.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === every.length;
    all.indeterminate = chosen > 0 && chosen < every.length;
    if (line) line.textContent = chosen ? line.dataset.chosen.replace("{count}", chosen) : usual;
  }

  root.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    if (event.target === all || event.target.matches?.("[data-choice]")) tell();
  });
  tell(); // the browser keeps ticks when one comes back to the page
}

bindChoices();

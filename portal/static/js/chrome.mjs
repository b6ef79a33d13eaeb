// Small manners of every page: the error summary is focused, dialogs open and shut, a row of
// ways that is wider than the page shows the present one.
export function focusErrors(root = document) {
  root.querySelector("[data-focus]")?.focus();
}

export function bindDialogs(root = document) {
  root.addEventListener("click", (click) => {
    const opener = click.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    click.target.closest("[data-closes]")?.closest("dialog")?.close();
  });
}

export function showPresent(root = document) {
  for (const row of root.querySelectorAll(".tabs, .rail, .bar-nav")) {
    const present = row.querySelector("[aria-current]");
    if (!present || row.scrollWidth <= row.clientWidth) continue;
    row.scrollLeft += present.getBoundingClientRect().left - row.getBoundingClientRect().left - row.clientWidth / 3;
  }
}

focusErrors();
bindDialogs();
showPresent();

// Small manners of every page: the error summary is focused, dialogs open and shut.
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

focusErrors();
bindDialogs();

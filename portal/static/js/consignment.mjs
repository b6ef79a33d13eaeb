// The page of one consignment: a link that asks in a dialogue first, and the print key.
//   [data-dialog="id"]  a link that opens the dialogue instead of its page
//   [data-print]        prints; shown only when this script runs
export function bindConsignment(root = document, print = () => window.print()) {
  const showKeys = () => {
    for (const key of root.querySelectorAll("[data-print]")) key.hidden = false;
  };
  root.addEventListener("click", (click) => {
    const asking = click.target.closest?.("[data-dialog]");
    const dialog = asking && root.getElementById(asking.dataset.dialog);
    if (dialog) {
      click.preventDefault();
      dialog.showModal();
    }
    if (click.target.closest?.("[data-print]")) print();
  });
  new MutationObserver(showKeys).observe(root.body, { childList: true, subtree: true });
  showKeys();
}

bindConsignment();

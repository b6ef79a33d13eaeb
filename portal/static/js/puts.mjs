// Puts a text into a field instead of leaving the page: a[data-puts="id of the text"]
// [data-into="id of the field"]. What is in the field stays; without a script the link does it.
export function bindPuts({ root = document } = {}) {
  for (const key of root.querySelectorAll("a[data-puts]")) {
    const field = document.getElementById(key.dataset.into);
    const text = document.getElementById(key.dataset.puts);
    if (!field || !text) continue;
    key.addEventListener("click", (event) => {
      event.preventDefault();
      field.setRangeText(text.textContent, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
}

bindPuts();

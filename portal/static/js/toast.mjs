// A floating line at the lower right. Stays six seconds, longer while the pointer or focus is on it.
const STAY_MS = 6000;

export function toast(text, { action, onAction, stayMs = STAY_MS, region } = {}) {
  const box = document.createElement("div");
  box.className = "toast deep";
  box.append(text);
  if (action) box.append(" ", actionButton(action, () => { onAction(); box.remove(); }));
  (region ?? document.getElementById("toasts")).append(box);
  const leave = () => {
    if (box.matches(":hover, :focus-within")) setTimeout(leave, STAY_MS);
    else box.remove();
  };
  setTimeout(leave, stayMs);
  return box;
}

function actionButton(label, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--quiet";
  button.textContent = label;
  button.addEventListener("click", onClick);
  return button;
}

// Keeps every lamp (.live[data-lamp]) true. The stream announces its state on the document:
// new CustomEvent("live:state", { detail: { on: true | false, at: Date } }).
const clock = (at) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    timeZone: document.documentElement.dataset.zone || undefined, // the one of the page's other times
  }).format(at);

export function lampText(lamp, on, time) {
  const dot = document.documentElement.lang.startsWith("zh") ? "·" : " · ";
  return on ? `${lamp.dataset.on}${dot}${time}` : lamp.dataset.off.replace("{time}", time);
}

export function setLamps({ on, at = new Date() }, root = document) {
  for (const lamp of root.querySelectorAll("[data-lamp]")) {
    // A screen reader hears the change of state, not every tick of the clock.
    const changed = lamp.dataset.live !== (on ? "on" : "off");
    lamp.setAttribute("aria-live", changed ? "polite" : "off");
    lamp.dataset.live = on ? "on" : "off";
    lamp.textContent = lampText(lamp, on, clock(at));
  }
}

document.addEventListener("live:state", (event) => setLamps(event.detail));

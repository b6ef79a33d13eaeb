// Chooses the reader's own time zone in [data-own-zone], and moves the times that were proposed
// into it. Without a script he chooses it himself.
export function bindZone({ root = document, own = Intl.DateTimeFormat().resolvedOptions().timeZone } = {}) {
  const select = root.querySelector("select[data-own-zone]");
  if (!select || !own || select.value === own) return;
  if (select.closest("form").querySelector(".errors")) return; // it was chosen already
  if (![...select.options].some((option) => option.value === own)) return;
  move(select.closest("form"), select.value, own);
  select.value = own;
}

function move(form, from, to) {
  const { day, begin, end } = form.elements;
  if (!day.value || !begin.value || !end.value) return;
  const first = seen(instant(day.value, begin.value, from), to);
  const last = seen(instant(day.value, end.value, from), to);
  if (first.day !== last.day) return; // the window would run past midnight: let him choose
  [day.value, begin.value, end.value] = [first.day, first.time, last.time];
}

function instant(day, time, zone) {
  const guess = new Date(`${day}T${time}Z`);
  const shown = seen(guess, zone);
  return new Date(2 * guess.getTime() - new Date(`${shown.day}T${shown.time}Z`).getTime());
}

function seen(at, zone) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

bindZone();

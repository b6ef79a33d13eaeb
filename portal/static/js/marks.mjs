// Marks of Markdown around what is chosen in a text. Pure: {text, start, end} in, the same out.
const AROUND = { bold: "**", italic: "*", code: "`" };
const BEFORE = { list: "- ", quote: "> " };

export function marked(kind, { text, start, end }) {
  if (kind === "code" && text.slice(start, end).includes("\n")) return fenced({ text, start, end });
  if (kind in AROUND) return around(AROUND[kind], { text, start, end });
  if (kind in BEFORE) return before(BEFORE[kind], { text, start, end });
  if (kind === "link") return linked({ text, start, end });
  if (kind === "mention") return mention({ text, start, end });
  return { text, start, end };
}

/** Put a sign on both sides, or take it away where it stands already. */
function around(sign, { text, start, end }) {
  const size = sign.length;
  if (text.slice(start - size, start) === sign && text.slice(end, end + size) === sign) {
    return { text: text.slice(0, start - size) + text.slice(start, end) + text.slice(end + size), start: start - size, end: end - size };
  }
  if (start === end && text.slice(end, end + size) === sign) return { text, start: end + size, end: end + size }; // out of it
  return { text: text.slice(0, start) + sign + text.slice(start, end) + sign + text.slice(end), start: start + size, end: end + size };
}

function fenced({ text, start, end }) {
  const open = `${start && text[start - 1] !== "\n" ? "\n" : ""}\`\`\`\n`;
  return { text: `${text.slice(0, start)}${open}${text.slice(start, end)}\n\`\`\`${text.slice(end)}`, start: start + open.length, end: end + open.length };
}

/** Begin each of the chosen lines with a sign, or take it away where all of them have it. */
function before(sign, { text, start, end }) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", Math.max(end, from));
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const has = lines.every((line) => line.startsWith(sign));
  const changed = lines.map((line) => (has ? line.slice(sign.length) : sign + line)).join("\n");
  const gap = !has && from > 0 && text.slice(Math.max(0, from - 2), from) !== "\n\n" && !text.slice(0, from).split("\n").at(-2)?.startsWith(sign) ? "\n" : "";
  const whole = gap + changed;
  return { text: text.slice(0, from) + whole + text.slice(to), start: start === end ? from + whole.length : from + gap.length, end: from + whole.length };
}

function linked({ text, start, end }) {
  const words = text.slice(start, end);
  if (/^https?:\/\/\S+$/.test(words)) return { text: `${text.slice(0, start)}[](${words})${text.slice(end)}`, start: start + 1, end: start + 1 };
  const made = `[${words}](https://)`;
  const at = start + words.length + 3;
  return { text: text.slice(0, start) + made + text.slice(end), start: at, end: at + 8 };
}

function mention({ text, start, end }) {
  const gap = start > 0 && !/\s/.test(text[start - 1]) ? " " : "";
  const at = start + gap.length + 1;
  return { text: `${text.slice(0, start)}${gap}@${text.slice(end)}`, start: at, end: at };
}

/** Put a block of its own at the place where the mark stands. */
export function inserted(block, { text, start, end }) {
  const head = text.slice(0, start).trimEnd();
  const lead = head ? `${head}\n\n` : "";
  const rest = text.slice(end).trimStart();
  const at = lead.length + block.length + 2;
  return { text: `${lead}${block}\n\n${rest}`, start: at, end: at };
}

/** Return the name that is being typed after an @ before the place, or null. */
export function nameBefore(text, at) {
  const found = /(?:^|[^\w@/.])@([^\s@.,，。:：;；!！?？()（）]{0,29})$/u.exec(text.slice(Math.max(0, at - 32), at));
  return found ? found[1] : null;
}

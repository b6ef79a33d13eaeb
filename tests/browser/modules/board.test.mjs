// What the board's scripts work out by themselves.
import { fill } from "../board.mjs";
import { Keys, next } from "../keys.mjs";
import { normalise } from "../scan.mjs";
import { Camera, makeReader } from "../camera.mjs";
import { same } from "./check.mjs";

const press = (target, key, more = {}) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));

/** A page with keys bound to acts that are only noted. */
function desk({ stored = null } = {}) {
  const root = new DOMParser().parseFromString(
    '<body><input id="scan"><textarea id="many"></textarea><input type="checkbox" id="box">'
    + '<button data-keys-key hidden></button><input type="checkbox" data-keys-on></body>',
    "text/html",
  );
  const done = [];
  const note = (name) => () => { done.push(name); };
  const acts = Object.fromEntries(["push", "clear", "scan", "undo", "help"].map((name) => [name, note(name)]));
  acts.status = (key) => { done.push(`status ${key}`); return true; };
  const kept = { "quayside.board.keys": stored };
  const storage = { getItem: (name) => kept[name], setItem: (name, value) => { kept[name] = value; } };
  new Keys({ root, acts, storage }).bind();
  return { root, done, kept };
}

export const tests = {
  "numbers are read as people write and scanners misread them"() {
    for (const [text, no] of [
      ["qs0123456789ab", "QS0123456789AB"],
      [" QS01 2345-6789 AB ", "QS0123456789AB"],
      ["ＱＳ０１２３", "QS0123"],
      ["QSOIL0U", "QS0110V"],
      ["https://x/s/1", "HTTPS://X/S/1"],
    ]) same(normalise(text), no, text);
  },

  "values go into the words of the page"() {
    same(fill("{count} pushed, {refused} not", { count: 3, refused: 1 }), "3 pushed, 1 not");
    same(fill("{unknown}!", {}), "!");
  },

  "arrows lead between the boxes and stop at the edges"() {
    const [a, b, c, d] = ["a", "b", "c", "d"];
    const columns = [[a, b], [c], [d]];
    same(next(columns, null, [0, 1]), a);
    same(next(columns, a, [0, 1]), b);
    same(next(columns, b, [0, 1]), b);
    same(next(columns, b, [1, 0]), c);
    same(next(columns, a, [-1, 0]), a);
    same(next(columns, d, [1, 0]), d);
  },

  "single keys act outside of fields only"() {
    const { root, done } = desk();
    press(root.body, "/");
    press(root.body, "4");
    press(root.body, "z");
    press(root.body, "?");
    same(done, ["scan", "status 4", "undo", "help"]);
    press(root.querySelector("#scan"), "4");
    press(root.querySelector("#many"), "z");
    same(done.length, 4);
    press(root.querySelector("#box"), "5");
    same(done.at(-1), "status 5");
  },

  "control and Enter push from everywhere"() {
    const { root, done } = desk();
    press(root.querySelector("#many"), "Enter", { ctrlKey: true });
    press(root.querySelector("#scan"), "Enter", { metaKey: true });
    same(done, ["push", "push"]);
  },

  "a word that is being composed is left alone"() {
    const { root, done } = desk();
    press(root.body, "4", { isComposing: true });
    press(root.body, "r", { ctrlKey: true });
    press(root.body, "1", { altKey: true });
    same(done, []);
  },

  "single keys can be turned off, and stay off"() {
    const { root, done, kept } = desk({ stored: "off" });
    press(root.body, "4");
    same(done, []);
    const box = root.querySelector("[data-keys-on]");
    same(box.checked, false);
    box.checked = true;
    box.dispatchEvent(new Event("change"));
    same(kept["quayside.board.keys"], "on");
    press(root.body, "4");
    same(done, ["status 4"]);
  },

  "Escape empties the field, then leaves it, then clears the choice"() {
    const { root, done } = desk();
    const field = root.querySelector("#scan");
    field.value = "QS1";
    press(field, "Escape");
    same(field.value, "");
    press(root.body, "Escape");
    same(done, ["clear"]);
  },

  async "the browser's own reader is used where it reads our codes"() {
    class Own {
      constructor({ formats }) { this.formats = formats; }

      static async getSupportedFormats() { return ["qr_code", "code_128", "aztec"]; }
    }
    same((await makeReader({}, Own)).formats, ["qr_code", "code_128"]);
  },

  async "every reason why there is no picture has its sentence"() {
    const said = [];
    const words = { wait: "wait", none: "none", denied: "denied", busy: "busy" };
    const dialog = { dataset: words, open: true, querySelector: () => ({ set textContent(text) { said.push(text); } }) };
    for (const name of ["NotAllowedError", "NotReadableError", "NotFoundError"]) {
      const devices = { getUserMedia: async () => { throw new DOMException("", name); } };
      await new Camera({ dialog, devices, onRead() {} }).start();
    }
    await new Camera({ dialog, devices: undefined, onRead() {} }).start();
    same(said.filter((text) => text !== "wait"), ["denied", "busy", "none", "none"]);
  },
};

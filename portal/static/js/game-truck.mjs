// Load the truck: choosing a carton, moving it, putting it in; the rules say what fits.
import { isForGame, made, Shell } from "./game-shell.mjs";
import { Load, play } from "./game-truck-rules.mjs";
import { drawIso, drawPlan } from "./game-truck-view.mjs";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEPS = { forward: [-1, 0], back: [1, 0], left: [0, -1], right: [0, 1] };

export class Truck {
  constructor(shell) {
    this.shell = shell;
    this.load = new Load(shell.level);
    this.order = []; // what is in, the last one last
    Object.assign(this, { item: 0, x: 0, y: 0, turn: 0 });
    this.box = shell.box;
    this.plan = this.box.querySelector("[data-plan]");
    this.list = this.box.querySelector("[data-list]");
    this.loaded = this.box.querySelector("[data-loaded]");
  }

  begin() {
    this.#resume();
    this.shell.begin(play);
    for (const key of this.box.querySelectorAll("[data-do]")) key.addEventListener("click", () => this.act(key.dataset.do));
    this.list.addEventListener("change", (event) => this.choose(Number(event.target.value)));
    this.loaded.addEventListener("click", (event) => {
      const key = event.target.closest("[data-take]");
      if (key) this.take(Number(key.dataset.take));
    });
    this.shell.root.addEventListener("keydown", (event) => this.#key(event));
    this.#bindPointer();
    this.item = this.outside[0] ?? 0;
    this.show();
    this.#lists();
  }

  #resume() {
    if (!this.shell.restore()) return;
    try {
      for (const [, ...move] of this.shell.moves) this.#apply(move);
      this.shell.say("kept");
    } catch {
      this.shell.discard();
      this.load = new Load(this.shell.level);
      this.order = [];
    }
  }

  #apply(move) {
    if (move.length === 4) {
      this.load.put(...move);
      this.order.push(move[0]);
    } else {
      this.load.take(move[0]);
      this.order = this.order.filter((each) => each !== move[0]);
    }
  }

  get cartons() { return this.shell.level.cartons; }

  get outside() { return this.cartons.map((_, item) => item).filter((item) => !this.load.placed.has(item)); }

  name(item) {
    return this.shell.text("item", { no: item + 1, kind: this.shell.text(`kinds.${this.cartons[item].kind}`) });
  }

  // ---- moving ----
  choose(item) {
    this.item = item;
    this.turn = Math.min(this.turn, this.load.turns(item) - 1);
    this.#clamp();
    this.show();
    const radio = this.list.querySelector(`[value="${item}"]`);
    if (radio) radio.checked = true;
  }

  step([dx, dy], toEdge) {
    if (this.isAllIn) return;
    if (toEdge) this.#toEdge(dx, dy);
    else Object.assign(this, { x: this.x + dx, y: this.y + dy });
    this.#clamp();
    this.show();
  }

  #toEdge(dx, dy) {
    const mine = this.load.at(this.item, this.x, this.y, this.turn);
    const [axis, size, end] = dx ? ["x", "l", this.shell.level.box[0]] : ["y", "w", this.shell.level.box[1]];
    const edges = [0, end - mine[size]];
    for (const each of this.load.there) edges.push(each[axis] + each[size], each[axis] - mine[size]);
    const ahead = edges.filter((edge) => (edge - this[axis]) * (dx + dy) > 0);
    if (ahead.length) this[axis] = dx + dy > 0 ? Math.min(...ahead) : Math.max(...ahead);
  }

  #clamp() {
    const mine = this.load.at(this.item, 0, 0, this.turn);
    this.x = Math.max(0, Math.min(this.x, this.shell.level.box[0] - mine.l));
    this.y = Math.max(0, Math.min(this.y, this.shell.level.box[1] - mine.w));
  }

  rotate() {
    if (this.isAllIn) return;
    this.turn = (this.turn + 1) % this.load.turns(this.item);
    this.#clamp();
    this.show();
  }

  next(by) {
    const left = this.outside;
    if (left.length) this.choose(left[(left.indexOf(this.item) + by + left.length) % left.length]);
  }

  // ---- putting in, taking out ----
  put() {
    if (this.isAllIn || !this.shell.mayMove) return;
    const fault = this.load.fault(this.item, this.x, this.y, this.turn);
    if (fault) {
      this.shell.say("refused", { item: this.name(this.item), fault: this.shell.text(fault) });
      this.shell.cue("bad");
      return;
    }
    const item = this.item;
    this.#apply([item, this.x, this.y, this.turn]);
    this.shell.hand(item, this.x, this.y, this.turn);
    this.shell.cue("good");
    this.#changed(this.load.placed.get(item));
    const [loaded, of] = [this.load.placed.size, this.cartons.length];
    if (loaded === of) this.shell.say("all_in");
    else this.shell.say("placed", { item: this.name(item), loaded, of });
  }

  take(item) {
    if (item === undefined) {
      this.shell.say("empty");
      return;
    }
    if (!this.shell.mayMove) return;
    const held = this.load.holds(item);
    if (held) {
      this.shell.say(held === "way" ? "blocked" : "above", { item: this.name(item) });
      this.shell.cue("bad");
      return;
    }
    this.#apply([item]);
    this.shell.hand(item);
    this.shell.say("taken", { item: this.name(item) });
    this.item = item;
    this.#changed();
  }

  /** Go on with the next carton, beside the one that was put in if it fits there. */
  #changed(last = null) {
    if (this.load.placed.has(this.item)) {
      const left = this.outside;
      this.item = left.find((each) => each > this.item) ?? left[0] ?? this.item;
    }
    this.turn = Math.min(this.turn, this.load.turns(this.item) - 1);
    if (last && !this.isAllIn) {
      const beside = [[last.x, last.y + last.w], [last.x + last.l, last.y], [last.x + last.l, 0]];
      const free = beside.find(([x, y]) => this.load.fault(this.item, x, y, this.turn) === null);
      if (free) [this.x, this.y] = free;
    }
    this.#clamp();
    this.show();
    this.#lists();
  }

  get isAllIn() { return this.load.placed.size === this.cartons.length; }

  act(what) {
    if (STEPS[what]) this.step(STEPS[what], false);
    else if (what === "turn") this.rotate();
    else if (what === "put") this.put();
    else if (what === "next") this.next(1);
    else this.take(this.order.at(-1));
  }

  // ---- keys and pointers ----
  #key(event) {
    if (!isForGame(event)) return;
    const onKey = event.target.closest?.("button, a, summary");
    const onRadio = event.target.matches?.("[type=radio]");
    const acts = { r: () => this.rotate(), n: () => this.next(1), p: () => this.next(-1) };
    if (ARROWS[event.key] && !onKey && !onRadio) this.step(ARROWS[event.key], event.shiftKey);
    else if (event.key === "Enter" && !onKey) this.put();
    else if (event.key === "Backspace") this.take(this.order.at(-1));
    else if (acts[event.key.toLowerCase()]) acts[event.key.toLowerCase()]();
    else return;
    event.preventDefault();
  }

  #bindPointer() {
    const move = (event) => {
      if (this.isAllIn) return;
      const matrix = this.plan.getScreenCTM();
      if (!matrix) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      const mine = this.load.at(this.item, 0, 0, this.turn);
      this.x = this.#snapped(Math.round(at.x - mine.l / 2), "x", "l", mine.l, this.shell.level.box[0]);
      this.y = this.#snapped(Math.round(at.y - mine.w / 2), "y", "w", mine.w, this.shell.level.box[1]);
      this.#clamp();
      this.show();
    };
    this.plan.addEventListener("pointerdown", (event) => {
      this.plan.setPointerCapture(event.pointerId);
      move(event);
    });
    this.plan.addEventListener("pointermove", (event) => { if (event.buttons) move(event); });
  }

  /** A place near an edge is the edge: fingers are wide. */
  #snapped(at, axis, size, own, end) {
    const edges = [0, end - own, ...this.load.there.flatMap((each) => [each[axis] + each[size], each[axis] - own])];
    const near = edges.filter((edge) => Math.abs(edge - at) <= 2).sort((a, b) => Math.abs(a - at) - Math.abs(b - at));
    return near[0] ?? at;
  }

  // ---- what is seen ----
  show() {
    const stopOf = (box) => ({ ...box, stop: this.cartons[box.item].stop });
    const boxes = this.load.there.map(stopOf);
    let ghost = null;
    if (!this.isAllIn) {
      const fault = this.load.fault(this.item, this.x, this.y, this.turn);
      ghost = { ...stopOf(this.load.at(this.item, this.x, this.y, this.turn)), fits: fault === null };
      this.#here(ghost, fault);
    } else this.box.querySelector("[data-here]").textContent = "";
    drawPlan(this.plan, this.shell.level, boxes, ghost, { front: this.shell.text("front"), doors: this.shell.text("doors") });
    drawIso(this.box.querySelector("[data-iso]"), this.shell.level, boxes, ghost);
    this.#facts();
  }

  #here(ghost, fault) {
    const height = ghost.z ? this.shell.text("height", { z: ghost.z * 10 }) : this.shell.text("floor");
    const place = this.shell.text("here", { item: this.name(this.item), x: ghost.x * 10, y: ghost.y * 10, height });
    const here = this.box.querySelector("[data-here]");
    here.textContent = this.shell.both(place, this.shell.text(fault ?? "fits"));
    here.dataset.fits = fault ? "no" : "yes";
  }

  #facts() {
    const { level } = this.shell, found = this.load.parts();
    const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(Math.floor(found.volume / 10) / 100);
    this.shell.fact("volume", `${share} (${found.loaded}/${found.of})`);
    this.shell.fact("weight", this.shell.text("axle", { kg: found.weight, most: level.payload }));
    for (const name of ["front", "rear"]) {
      this.shell.fact(name, this.shell.text("axle", { kg: found[name], most: level[name][1] }));
      const over = found[name] > level[name][1] || found[name] < 0;
      this.box.querySelector(`[data-fact="${name}"]`).dataset.over = over ? "yes" : "no";
    }
    this.shell.fact("side", this.shell.text("side", { cm: found.side }));
    this.shell.fact("rehandled", this.shell.text("times", { n: found.rehandled }));
    this.shell.fact("score", String(this.load.score()));
    this.shell.isReady = this.shell.moves.length > 0;
  }

  #lists() {
    const left = this.outside;
    this.box.querySelector("[data-left]").textContent = this.shell.text("left", { n: left.length });
    const hadFocus = this.list.contains(document.activeElement);
    for (const old of this.list.querySelectorAll("label")) old.remove();
    this.list.append(...left.map((item) => this.#radio(item)));
    if (hadFocus) (this.list.querySelector(":checked") ?? this.plan).focus();
    const takes = this.loaded.contains(document.activeElement);
    this.loaded.replaceChildren(...[...this.order].reverse().map((item) => this.#out(item)));
    if (takes) this.plan.focus();
  }

  #radio(item) {
    const input = made("input", { type: "radio", name: "carton", value: item });
    input.checked = item === this.item;
    const words = made("span", {}, made("b", {}, this.name(item)), made("small", {}, this.#about(item)));
    return made("label", { class: `game-item stop-${this.cartons[item].stop}` }, input, words);
  }

  #about(item) {
    const carton = this.cartons[item];
    const size = this.shell.text("size", { l: carton.l * 10, w: carton.w * 10, h: carton.h * 10 });
    const words = [size, this.shell.text("weight", { kg: carton.kg }), this.shell.text("stop", { stop: carton.stop })];
    words.push(carton.bears ? this.shell.text("bears", { kg: carton.bears }) : this.shell.text("bears_nothing"));
    if (carton.upright) words.push(this.shell.text("upright"));
    return words.join(" · ");
  }

  #out(item) {
    const label = this.shell.text("take_out", { item: this.name(item) });
    return made("li", {}, made("button", { type: "button", class: "btn btn--quiet", "data-take": item }, label));
  }
}

const place = document.querySelector("[data-game=truck]");
if (place) {
  window.game = new Truck(new Shell());
  window.game.begin();
}

// Route the van: stops are put in order by tapping, by their letters or with the keys of the list.
import { Forged } from "./game-rules.mjs";
import { drive, move, play, points } from "./game-route-rules.mjs";
import { drawTown } from "./game-route-view.mjs";
import { isForGame, made, Shell } from "./game-shell.mjs";

const letter = (stop) => String.fromCharCode(65 + stop);
const hours = (second) => `${Math.floor(second / 3600)}:${String(Math.floor((second % 3600) / 60)).padStart(2, "0")}`;

export class Route {
  constructor(shell) {
    this.shell = shell;
    this.box = shell.box;
    this.tour = [];
    this.town = this.box.querySelector("[data-town]");
  }

  begin() {
    this.#resume();
    this.shell.begin(play);
    this.box.addEventListener("click", (event) => this.#clicked(event));
    this.shell.root.addEventListener("keydown", (event) => this.#key(event));
    this.show();
  }

  #resume() {
    if (!this.shell.restore()) return;
    try {
      for (const [, stop, place] of this.shell.moves) move(this.tour, this.count, stop, place);
      this.shell.say("kept");
    } catch (fault) {
      if (!(fault instanceof Forged)) throw fault;
      this.tour = [];
      this.shell.discard();
    }
  }

  get count() { return this.shell.level.stops.length; }

  /** Put a stop at a place of the tour; -1 takes it out. */
  put(stop, place) {
    if (!this.shell.mayMove) return;
    const was = this.tour.indexOf(stop);
    if (place > this.tour.length - (was >= 0 ? 1 : 0) || (place < 0 && was < 0)) return;
    move(this.tour, this.count, stop, place);
    this.shell.hand(stop, place);
    this.shell.cue("good");
    this.show();
    this.#said(stop, was, place);
  }

  #said(stop, was, place) {
    if (place < 0) this.shell.say("removed", { name: letter(stop) });
    else {
      const values = { name: letter(stop), place: place + 1, arrives: this.#arrives(place) };
      this.shell.say(was < 0 ? "added" : "moved", values);
    }
    if (this.tour.length === this.count && place >= 0 && was < 0) {
      this.shell.tell(this.shell.both(this.box.querySelector("[data-say]").textContent, this.shell.text("complete")));
    }
  }

  toggle(stop) { this.put(stop, this.tour.includes(stop) ? -1 : this.tour.length); }

  #clicked(event) {
    const key = event.target.closest("[data-stop]");
    if (!key) return;
    const stop = Number(key.dataset.stop), at = this.tour.indexOf(stop);
    const acts = { earlier: () => this.put(stop, at - 1), later: () => this.put(stop, at + 1), out: () => this.put(stop, -1) };
    const act = acts[key.dataset.move];
    if (!act) this.toggle(stop);
    else if (key.dataset.move !== "earlier" || at > 0) act();
  }

  #key(event) {
    if (!isForGame(event)) return;
    const stop = event.key.length === 1 ? event.key.toUpperCase().charCodeAt(0) - 65 : -1;
    const drawn = event.target.closest?.("[data-town] [data-stop]");
    if (stop >= 0 && stop < this.count) {
      if (!this.tour.includes(stop)) this.put(stop, this.tour.length);
    } else if (event.key === "Backspace" && this.tour.length) this.put(this.tour.at(-1), -1);
    else if (drawn && (event.key === "Enter" || event.key === " ")) this.toggle(Number(drawn.dataset.stop));
    else return;
    event.preventDefault();
  }

  // ---- what is seen ----
  #window(stop) {
    const { from, to } = this.shell.level.stops[stop];
    const isOpen = from <= this.shell.level.start && to >= 20 * 3600;
    return isOpen ? this.shell.text("any_time") : this.shell.text("window", { from: hours(from), to: hours(to) });
  }

  #arrives(place) {
    const [at, over] = this.found.arrivals[place];
    const { from } = this.shell.level.stops[this.tour[place]];
    if (over) return this.shell.text("late", { at: hours(at), minutes: Math.ceil(over / 60) });
    if (at < from) return this.shell.text("waits", { at: hours(at), from: hours(from) });
    return this.shell.text("on_time", { at: hours(at) });
  }

  show() {
    this.found = drive(this.shell.level, this.tour);
    const names = this.shell.level.stops.map((_, stop) => ({
      letter: letter(stop),
      says: `${this.shell.text("stop", { name: letter(stop) })}, ${this.#window(stop)}`,
    }));
    this.#keepFocus(() => {
      drawTown(this.town, this.shell.level, this.tour, names, this.shell.text("depot"));
      this.#lists();
    });
    this.#facts();
    this.shell.isReady = this.tour.length === this.count;
  }

  /** Draw anew without taking the keyboard away from who is in the middle of it. */
  #keepFocus(draw) {
    const held = document.activeElement?.closest?.("[data-game] [data-stop]");
    const [stop, act] = [held?.dataset.stop, held?.dataset.move];
    draw();
    if (!held || held.isConnected) return;
    const same = act ? `[data-stop="${stop}"][data-move="${act}"]` : `[data-stop="${stop}"]`;
    (this.box.querySelector(same) ?? this.box.querySelector(`[data-stop="${stop}"]`))?.focus();
  }

  #facts() {
    const { level } = this.shell, isWhole = this.tour.length === this.count;
    const km = (metres) => this.shell.text("km", { km: (metres / 1000).toFixed(1) });
    this.shell.fact("metres", km(this.found.metres));
    this.shell.fact("late", this.shell.text("late_minutes", { n: Math.floor(this.found.late / 60) }));
    this.shell.fact("end", hours(this.found.end));
    this.shell.fact("reference", km(level.reference));
    this.shell.fact("score", isWhole ? String(points(this.found.cost, level.reference)) : this.shell.text("open_tour"));
  }

  #lists() {
    this.box.querySelector("[data-tour]").replaceChildren(...this.tour.map((stop, place) => this.#line(stop, place)));
    const rest = this.shell.level.stops.map((_, stop) => stop).filter((stop) => !this.tour.includes(stop));
    const keys = rest.map((stop) => made("button", { type: "button", class: "btn", "data-stop": stop },
      made("b", {}, letter(stop)), made("span", { class: "label" }, this.#window(stop))));
    this.box.querySelector("[data-rest]").replaceChildren(...keys);
  }

  #line(stop, place) {
    const key = (act, sign) => made("button", {
      type: "button",
      class: "btn btn--quiet btn--icon",
      "data-stop": stop,
      "data-move": act,
      "aria-label": this.shell.text(act, { name: letter(stop) }),
    }, sign);
    const late = this.found.arrivals[place][1] > 0;
    const words = made("span", { class: "game-leg" }, made("b", {}, letter(stop)),
      made("span", late ? { class: "game-late" } : {}, this.#arrives(place)), made("small", {}, this.#window(stop)));
    return made("li", {}, words, key("earlier", "↑"), key("later", "↓"), key("out", "×"));
  }
}

const place = document.querySelector("[data-game=route]");
if (place) {
  window.game = new Route(new Shell());
  window.game.begin();
}

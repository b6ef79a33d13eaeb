// Sort the parcels: a belt that runs by the clock, four chutes, a pause that covers it.
import { drawn, isForGame, Shell } from "./game-shell.mjs";
import { keysOf, play, Shift } from "./game-sort-rules.mjs";

const PAUSES = 12;
const TICK_MS = 50, CALM_TICK_MS = 400; // a new drawing; where motion is not wanted

export class Belt {
  constructor(shell, { isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches } = {}) {
    this.shell = shell;
    this.box = shell.box;
    this.shift = new Shift(shell.level);
    this.tickMs = isStill ? CALM_TICK_MS : TICK_MS;
    Object.assign(this, { stood: 0, pausedAt: null, pauses: 0, shown: null, isOver: false, told: "" });
    shell.hasBegun = false;
  }

  part(name) { return this.box.querySelector(`[data-${name}]`); }

  begin() {
    this.#resume();
    this.shell.begin(play);
    this.part("begin").addEventListener("click", () => this.start());
    this.part("pause").addEventListener("click", () => this.pause());
    for (const key of this.box.querySelectorAll("[data-chute]")) key.addEventListener("click", () => this.press(Number(key.dataset.chute)));
    this.shell.root.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.#leave(); });
    window.addEventListener("pagehide", () => this.#leave());
    this.show();
  }

  #resume() {
    if (!this.shell.restore()) return;
    try {
      for (const [at, chute] of keysOf(this.shell.moves)) this.shift.press(at, chute);
    } catch {
      this.shell.discard();
      this.shift = new Shift(this.shell.level);
      return;
    }
    for (const [at, key] of this.shell.moves) if (key === 0) this.#paused(at);
    this.shell.hasBegun = true;
    this.#run();
    if (this.pausedAt === null && this.pauses < PAUSES && !this.isOver) this.pause();
    this.shell.say("kept");
  }

  /** Follow a key of the pause. */
  #paused(at) {
    if (this.pausedAt === null) {
      this.pausedAt = at;
      this.pauses += 1;
    } else {
      this.stood += at - this.pausedAt;
      this.pausedAt = null;
    }
  }

  /** Milliseconds on the belt's own clock. */
  now() { return (this.pausedAt ?? this.shell.clock()) - this.stood; }

  get isRunning() { return this.shell.hasBegun && this.pausedAt === null && !this.isOver; }

  start() {
    if (this.shell.hasBegun) return;
    this.shell.hasBegun = true;
    this.shell.base = 0;
    this.shell.since = this.shell.now();
    this.shell.keep();
    this.#run();
    this.shell.say("running");
    this.part("chute").focus({ preventScroll: true });
    this.part("belt-box").scrollIntoView({ block: "start" }); // on a phone all chutes are in sight
  }

  #run() {
    this.timer ??= setInterval(() => this.tick(), this.tickMs);
    this.tick();
  }

  pause() {
    if (!this.shell.hasBegun || this.isOver) return;
    if (this.pausedAt === null && this.pauses >= PAUSES) return;
    this.#paused(this.shell.note(0));
    this.shell.say(this.pausedAt === null ? "running" : "paused");
    this.show();
  }

  #leave() { if (this.isRunning) this.pause(); else this.shell.keep(); }

  press(chute) {
    if (!this.isRunning || !this.shell.mayMove || !this.shift.takes(this.now())) return;
    const parcel = this.shift.parcels[this.shift.front];
    const isRight = this.shift.press(this.shell.hand(chute) - this.stood, chute);
    this.box.dataset.last = isRight ? "right" : "wrong";
    this.shell.cue(isRight ? "good" : "bad");
    this.told = isRight ? this.shell.text("right") : this.shell.text("wrong", { chute: this.#chuteOf(parcel) });
    this.show();
  }

  #chuteOf(parcel) { return parcel.mark ? 4 : this.shell.level.plan[parcel.postcode[0]]; }

  tick() {
    if (!this.isRunning) return;
    const missed = this.shift.missed;
    this.shift.runTo(this.now());
    if (this.shift.missed > missed) {
      this.told = this.shell.text("missed");
      this.box.dataset.last = "wrong";
      this.shell.cue("bad");
    }
    this.isOver = this.shift.front >= this.shift.parcels.length;
    if (this.isOver) this.#end();
    this.show();
  }

  #end() {
    clearInterval(this.timer);
    this.shell.keep();
    this.shell.isReady = this.shell.moves.length > 0;
    this.shell.say("over");
    this.shell.form.querySelector("button").focus();
  }

  #key(event) {
    if (!isForGame(event) || event.repeat) return;
    const isLetter = event.key.toLowerCase() === "p";
    if (isLetter) this.pause();
    else if (/^[1-4]$/.test(event.key)) this.press(Number(event.key));
    else return;
    event.preventDefault();
  }

  // ---- what is seen ----
  show() {
    const { hasBegun } = this.shell, isPaused = this.pausedAt !== null;
    this.part("begin").parentElement.hidden = hasBegun;
    this.part("pause").hidden = !hasBegun || this.isOver;
    this.part("pause").disabled = !isPaused && this.pauses >= PAUSES;
    this.part("pause").textContent = this.shell.text(isPaused ? "resume" : "pause");
    this.part("belt-box").dataset.covered = isPaused || !hasBegun ? "yes" : "no";
    for (const key of this.box.querySelectorAll("[data-chute]")) key.disabled = !this.isRunning;
    this.part("score").textContent = String(Math.max(0, this.shift.points));
    this.part("left").textContent = this.shell.text("left", { n: this.shift.parcels.length - this.shift.front });
    this.#card();
    this.#belt();
  }

  #front() {
    const since = this.shift.seenAt();
    return this.isRunning && since !== null && since <= this.now() ? this.shift.front : null;
  }

  /** The label of the parcel in front; it is said aloud once. */
  #card() {
    const front = this.#front();
    if (front === this.shown && !this.told) return;
    this.shown = front;
    const parcel = front === null ? null : this.shift.parcels[front];
    this.part("code").textContent = parcel?.postcode ?? "";
    const town = parcel ? this.#town(parcel) : "";
    this.part("town").textContent = town;
    const mark = parcel?.mark ? this.shell.text(`marks.${parcel.mark}`) : "";
    this.part("mark").textContent = mark;
    this.part("card").dataset.sign = parcel?.mark ?? "";
    const label = parcel ? this.shell.text(mark ? "marked" : "parcel", { postcode: parcel.postcode, town, mark }) : "";
    const words = this.shell.both(this.told, label);
    this.told = "";
    if (this.isRunning) this.shell.tell(words || this.shell.text("none"));
  }

  #town(parcel) { return this.box.dataset.chinese === "yes" ? parcel.town : parcel.latin; }

  #belt() {
    const now = this.now(), parts = [drawn("rect", { class: "belt-line", x: 0, y: 36, width: 400, height: 6 })];
    if (this.isRunning) {
      this.shift.parcels.forEach(({ at, until, mark }, number) => {
        if (number < this.shift.front || at > now || until < now) return;
        const way = (now - at) / (until - at);
        const names = ["belt-parcel", number === this.shift.front ? "is-front" : "", mark ? "is-marked" : ""];
        parts.push(drawn("rect", { class: names.filter(Boolean).join(" "), x: (370 * (1 - way)).toFixed(1), y: 8, width: 28, height: 28 }));
      });
    }
    this.part("belt").replaceChildren(...parts);
  }
}

const place = document.querySelector("[data-game=sort]");
if (place) {
  window.game = new Belt(new Shell());
  window.game.begin();
}

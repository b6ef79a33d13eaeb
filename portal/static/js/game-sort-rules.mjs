// Which parcel is in front, and what a shift at the belt is worth: the mirror of
// portal/club/games/rules/sort.py. Tests play the same logs on both and compare.
import { checkClock, checkHand, floor, Forged } from "./game-rules.mjs";

export const SEEN = 150;
const MARKED = 4, PAUSES = 12, EVEN_FROM = 20, EVEN = 8;
const RIGHT = 10, STREAK = 10, SPEED = 10, WRONG = -15, MISSED = -10;

export const chuteOf = (plan, parcel) => (parcel.mark ? MARKED : plan[parcel.postcode[0]]);

export class Shift {
  constructor(level) {
    this.level = level;
    Object.assign(this, { front: 0, free: 0, streak: 0, points: 0, right: 0, wrong: 0, missed: 0, best: 0 });
    this.took = [];
  }

  get parcels() { return this.level.parcels; }

  runTo(at) {
    while (this.front < this.parcels.length && this.parcels[this.front].until < at) {
      this.free = this.parcels[this.front].until;
      this.front += 1;
      this.missed += 1;
      this.points += MISSED;
      this.streak = 0;
    }
  }

  /** Since when the front parcel is to be seen; null: there is none any more. */
  seenAt() {
    if (this.front >= this.parcels.length) return null;
    return Math.max(this.parcels[this.front].at, this.free);
  }

  /** Whether a key at `at` would count: somebody can have read the label by then. */
  takes(at) {
    this.runTo(at);
    const since = this.seenAt();
    return since !== null && at - since >= SEEN;
  }

  press(at, chute) {
    this.runTo(at);
    const since = this.seenAt();
    if (since === null || at < since) throw new Forged("impossible");
    if (at - since < SEEN) throw new Forged("fast");
    const parcel = this.parcels[this.front];
    this.took.push(at - since);
    this.front += 1;
    this.free = at;
    const isRight = chute === chuteOf(this.level.plan, parcel);
    this.#count(isRight, parcel, at);
    return isRight;
  }

  #count(isRight, parcel, at) {
    if (!isRight) {
      this.wrong += 1;
      this.points += WRONG;
      this.streak = 0;
      return;
    }
    const left = floor((parcel.until - at) * SPEED, parcel.until - parcel.at);
    this.points += RIGHT + Math.min(this.streak, STREAK) + left;
    this.right += 1;
    this.streak += 1;
    this.best = Math.max(this.best, this.streak);
  }

  get last() { return Math.max(...this.parcels.map((each) => each.until)) + 1; }

  end() { this.runTo(this.last); }

  result() {
    const { right, wrong, missed, best } = this;
    return [Math.max(0, this.points), { right, wrong, missed, streak: best }];
  }
}

/** [[ms on the belt's clock, chute]] of a log; throws Forged. */
export function keysOf(moves) {
  let stood = 0, began = null, pauses = 0;
  const keys = [];
  for (const move of moves) {
    const [at, key] = move;
    if (move.length !== 2 || key < 0 || key > MARKED) throw new Forged("shape");
    if (key === 0 && began === null) {
      began = at;
      pauses += 1;
    } else if (key === 0) {
      stood += at - began;
      began = null;
    } else if (began !== null) throw new Forged("impossible");
    else keys.push([at - stood, key]);
  }
  if (pauses > PAUSES) throw new Forged("impossible");
  return keys;
}

/** [score, what it is made of] of a log; throws Forged. */
export function play(level, moves) {
  checkClock(moves);
  checkHand(moves.filter((move) => move[1] !== 0), level.gap);
  const shift = new Shift(level);
  for (const [at, chute] of keysOf(moves)) shift.press(at, chute);
  if (shift.took.length >= EVEN_FROM && new Set(shift.took).size * EVEN < shift.took.length) throw new Forged("even");
  shift.end();
  return shift.result();
}

// What may stand where in the truck, and what a loaded truck is worth: the mirror of
// portal/club/games/rules/truck.py. Tests play the same logs on both and compare.
import { checkClock, checkHand, floor, Forged } from "./game-rules.mjs";

const SUPPORT = 75;
const ALL_IN = 100, REHANDLED = 25, AXLE_OVER = 120, TO_ONE_SIDE = 60, SIDE_FREE = 10;
const TURNS = [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0]];
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

/** The area that two boxes share as seen from above. */
export function covers(a, b) {
  const along = Math.min(a.x + a.l, b.x + b.l) - Math.max(a.x, b.x);
  const across = Math.min(a.y + a.w, b.y + b.w) - Math.max(a.y, b.y);
  return along > 0 && across > 0 ? along * across : 0;
}

const isAbove = (a, b) => a.z >= b.z + b.h && covers(a, b) > 0;
const isInTheWayOf = (a, b) => a.x >= b.x + b.l && a.y < b.y + b.w && b.y < a.y + a.w
  && a.z < b.z + b.h && b.z < a.z + a.h;

export class Load {
  constructor(level) {
    this.level = level;
    this.placed = new Map();
  }

  get there() { return [...this.placed.values()]; }

  turns(item) { return this.level.cartons[item].upright ? 2 : TURNS.length; }

  at(item, x, y, turn) {
    const carton = this.level.cartons[item];
    const edges = [carton.l, carton.w, carton.h];
    const [l, w, h] = TURNS[turn].map((each) => edges[each]);
    const flat = { item, x, y, z: 0, l, w, h };
    const tops = this.there.filter((each) => covers(each, flat)).map((each) => each.z + each.h);
    return { ...flat, z: Math.max(0, ...tops) };
  }

  fault(item, x, y, turn) {
    if (!(item >= 0 && item < this.level.cartons.length) || this.placed.has(item)) return "known";
    if (!(turn >= 0 && turn < this.turns(item))) return "turn";
    const made = this.at(item, x, y, turn);
    const [length, width, height] = this.level.box;
    if (x < 0 || y < 0 || x + made.l > length || y + made.w > width) return "walls";
    if (made.z + made.h > height) return "roof";
    return this.#faultOf(made);
  }

  #faultOf(made) {
    if (made.z > 0) {
      const below = this.there.filter((each) => each.z + each.h === made.z);
      const resting = sum(below.map((each) => covers(made, each)));
      if (resting * 100 < made.l * made.w * SUPPORT) return "hangs";
    }
    if (this.there.some((each) => this.#crushes(made, each))) return "crushes";
    if (this.there.some((each) => isInTheWayOf(each, made))) return "way";
    return this.weight() + this.kg(made.item) > this.level.payload ? "payload" : null;
  }

  #crushes(made, below) {
    if (!isAbove(made, below)) return false;
    const above = this.there.filter((each) => isAbove(each, below)).map((each) => this.kg(each.item));
    return sum(above) + this.kg(made.item) > this.level.cartons[below.item].bears;
  }

  put(item, x, y, turn) {
    if (this.fault(item, x, y, turn) !== null) throw new Forged("impossible");
    this.placed.set(item, this.at(item, x, y, turn));
  }

  holds(item) {
    const mine = this.placed.get(item);
    if (!mine) return "known";
    if (this.there.some((each) => isAbove(each, mine))) return "above";
    return this.there.some((each) => isInTheWayOf(each, mine)) ? "way" : null;
  }

  take(item) {
    if (this.holds(item) !== null) throw new Forged("impossible");
    this.placed.delete(item);
  }

  kg(item) { return this.level.cartons[item].kg; }

  weight() { return sum(this.there.map((each) => this.kg(each.item))); }

  #stop(item) { return this.level.cartons[item].stop; }

  rehandled() {
    let count = 0;
    for (let stop = 1; stop <= this.level.stops; stop += 1) count += this.#movedAt(stop).size;
    return count;
  }

  #movedAt(stop) {
    const here = this.there.filter((each) => this.#stop(each.item) >= stop);
    const wanted = here.filter((each) => this.#stop(each.item) === stop);
    const moved = new Set();
    while (wanted.length) {
      const target = wanted.pop();
      for (const each of here) {
        const later = this.#stop(each.item) > stop && !moved.has(each.item);
        if (later && (isAbove(each, target) || isInTheWayOf(each, target))) {
          moved.add(each.item);
          wanted.push(each);
        }
      }
    }
    return moved;
  }

  parts() {
    const { cartons, box, front, rear } = this.level;
    const volume = sum(this.there.map((each) => each.l * each.w * each.h));
    const whole = sum(cartons.map((each) => each.l * each.w * each.h));
    const weight = this.weight();
    let onRear = 0, side = 0;
    if (weight) {
      const turning = sum(this.there.map((e) => this.kg(e.item) * (2 * (e.x - front[0]) + e.l)));
      onRear = floor(turning, 2 * (rear[0] - front[0]));
      const across = sum(this.there.map((e) => this.kg(e.item) * (2 * e.y + e.w)));
      side = floor(5 * Math.abs(across - weight * box[1]), weight);
    }
    return {
      loaded: this.placed.size,
      of: cartons.length,
      volume: floor(1000 * volume, whole),
      weight,
      rehandled: this.rehandled(),
      front: weight - onRear,
      rear: onRear,
      side,
    };
  }

  score() {
    const found = this.parts();
    let points = found.volume + (found.loaded === found.of ? ALL_IN : 0);
    points -= REHANDLED * found.rehandled;
    if (found.front < 0 || found.front > this.level.front[1]) points -= AXLE_OVER;
    if (found.rear > this.level.rear[1]) points -= AXLE_OVER;
    if (found.side > SIDE_FREE) points -= TO_ONE_SIDE;
    return Math.max(0, points);
  }
}

/** [score, what it is made of] of a log; throws Forged. */
export function play(level, moves) {
  checkClock(moves);
  checkHand(moves, level.gap);
  const load = new Load(level);
  for (const move of moves) {
    if (move.length === 5) load.put(...move.slice(1));
    else if (move.length === 2) load.take(move[1]);
    else throw new Forged("shape");
  }
  return [load.score(), load.parts()];
}

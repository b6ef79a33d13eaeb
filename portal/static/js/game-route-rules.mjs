// How a tour of the van goes and what it is worth: the mirror of
// portal/club/games/rules/route.py. Tests play the same logs on both and compare.
import { checkClock, checkHand, floor, Forged } from "./game-rules.mjs";

const LATE_M = 100, SECONDS_PER_100_M = 12, FULL = 1000, MOST = 1500;

/** Move a stop in a tour (an array that is changed); throws Forged. */
export function move(tour, stops, stop, place) {
  const at = tour.indexOf(stop);
  if (stop < 0 || stop >= stops || (place < 0 && (place !== -1 || at < 0))) throw new Forged("impossible");
  if (at >= 0) tour.splice(at, 1);
  if (place > tour.length) throw new Forged("impossible");
  if (place >= 0) tour.splice(place, 0, stop);
}

/** metres, late (s), end (s of the day), cost (m), arrivals [[s of the day, s late]] of a tour. */
export function drive(level, tour) {
  const { metres: ways, stops, start, service } = level;
  let metres = 0, late = 0, here = 0, at = start;
  const arrivals = [];
  for (const stop of tour) {
    const way = ways[here][stop + 1];
    metres += way;
    at += floor(way * SECONDS_PER_100_M, 100);
    here = stop + 1;
    const over = Math.max(0, at - stops[stop].to);
    late += over;
    arrivals.push([at, over]);
    at = Math.max(at, stops[stop].from) + service;
  }
  metres += ways[here][0];
  at += floor(ways[here][0] * SECONDS_PER_100_M, 100);
  return { metres, late, end: at, cost: metres + floor(late * LATE_M, 60), arrivals };
}

export const points = (cost, reference) => Math.min(MOST, floor(FULL * reference, Math.max(1, cost)));

/** [score, what it is made of] of a log; throws Forged. */
export function play(level, moves) {
  checkClock(moves);
  checkHand(moves, level.gap);
  const tour = [];
  for (const each of moves) {
    if (each.length !== 3) throw new Forged("shape");
    move(tour, level.stops.length, each[1], each[2]);
  }
  if (tour.length !== level.stops.length) throw new Forged("unfinished");
  const { metres, late, end, cost } = drive(level, tour);
  return [points(cost, level.reference), { metres, late, end, cost, reference: level.reference }];
}

// What holds for the log of every game: the mirror of portal/club/games/rules/moves.py.

/** Why a log does not count; `code` as in the rules of the server. */
export class Forged extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Time only goes on. */
export function checkClock(moves) {
  let last = 0;
  for (const [at] of moves) {
    if (at < last) throw new Forged("order");
    last = at;
  }
}

/** No hand is quicker than `gap` milliseconds. */
export function checkHand(moves, gap) {
  moves.forEach(([at], number) => {
    if (number && at - moves[number - 1][0] < gap) throw new Forged("fast");
  });
}

/** A whole quotient, rounded down. */
export const floor = (a, b) => Math.floor(a / b);

// Plays logs with the rules of the browser: reads [{game, level, moves}] and writes [[score, parts] | "refused"].
import { readFileSync } from "node:fs";
import { Forged } from "../../portal/static/js/game-rules.mjs";
import { play as route } from "../../portal/static/js/game-route-rules.mjs";
import { play as sort } from "../../portal/static/js/game-sort-rules.mjs";
import { play as truck } from "../../portal/static/js/game-truck-rules.mjs";

const GAMES = { route, sort, truck };
const { levels, logs } = JSON.parse(readFileSync(0, "utf8"));
const counted = logs.map(({ game, level, moves }) => {
  try {
    return GAMES[game](levels[level], moves);
  } catch (fault) {
    if (fault instanceof Forged) return "refused";
    throw fault;
  }
});
process.stdout.write(JSON.stringify(counted));

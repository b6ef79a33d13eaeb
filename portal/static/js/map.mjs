// Draws every [data-map] of the page, and again when a fragment brings another one.
// data-map says what it shows: way (one consignment), board (all under way), lanes (the home page),
// place (where an address is, to be put right).
// Leaflet comes before this module as a plain script; without it the map is not shown and the table
// beside it says the same.
import { BoardMap } from "./map-board.mjs";
import { LanesMap } from "./map-lanes.mjs";
import { PlaceMap } from "./map-place.mjs";
import { WayMap } from "./map-way.mjs";

const KINDS = { way: WayMap, board: BoardMap, lanes: LanesMap, place: PlaceMap };
const shown = new Map(); // kind → the map that is drawn

const LAZY = new Set(["lanes"]); // what nobody may ever scroll to is drawn when it comes near

/** Draw the map of a figure; where a map of its kind is drawn already, it goes on there. */
export function show(figure) {
  const kind = figure.dataset.map;
  if (!window.L || !KINDS[kind]) { figure.classList.add("map--none"); return; }
  const old = shown.get(kind);
  if (!old) { shown.set(kind, new KINDS[kind](figure)); return; }
  if (old.figure !== figure) old.moveTo(figure);
}

/** Show a figure now or, where it may wait, once it is nearly in sight. */
function plan(figure) {
  if (!LAZY.has(figure.dataset.map) || !window.IntersectionObserver) { show(figure); return; }
  const near = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    near.disconnect();
    show(figure);
  }, { rootMargin: "300px" });
  near.observe(figure);
}

function watch() {
  const isFigure = (node) => node.nodeType === 1;
  const figures = (node) => [...(node.matches("[data-map]") ? [node] : []), ...node.querySelectorAll("[data-map]")];
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).filter(isFigure);
    for (const figure of added.flatMap(figures)) if (figure.isConnected) show(figure);
  }).observe(document.body, { childList: true, subtree: true });
}

if (document.querySelector("[data-map], [data-follow]")) {
  document.querySelectorAll("[data-map]").forEach(plan);
  watch();
}

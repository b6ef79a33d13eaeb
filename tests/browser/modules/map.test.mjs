// The parts of maps that need no map.
import { dot, unwrap, words } from "../map-base.mjs";
import { same } from "./check.mjs";

export const tests = {
  "a longitude goes to the copy of the world that is nearest"() {
    same(unwrap(-118, 120), 242, "Los Angeles from Hangzhou");
    same(unwrap(10, 120), 10, "Hamburg from Hangzhou");
    same(unwrap(-74, 10), -74, "New York from Hamburg");
    same(unwrap(120, 242), 120, "and back");
  },

  "a dot stands between words, in Chinese without room beside it"() {
    const { lang } = document.documentElement;
    document.documentElement.lang = "zh-Hant";
    same(["out", "late"].join(dot()), "out·late");
    document.documentElement.lang = "en";
    same(["out", "late"].join(dot()), "out · late");
    document.documentElement.lang = lang;
  },

  "names are never read as markup"() {
    const box = words(["b", "<img src=x>"], ["span", ""], ["span", "A & B", "label"]);
    same(box.querySelector("img"), null);
    same(box.querySelectorAll("span").length, 1, "empty words");
    same(box.querySelector("b").textContent, "<img src=x>");
  },
};

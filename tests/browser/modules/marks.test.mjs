// Marks of Markdown around what is chosen: "|" stands for where the choice begins and ends.
import { inserted, marked, nameBefore } from "../marks.mjs";
import { same } from "./check.mjs";

function read(drawn) {
  const start = drawn.indexOf("|");
  const end = drawn.lastIndexOf("|");
  const text = drawn.replaceAll("|", "");
  return { text, start, end: end === start ? start : end - 1 };
}

function draw({ text, start, end }) {
  return start === end ? `${text.slice(0, start)}|${text.slice(start)}` : `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`;
}

const becomes = (kind, before, after) => same(draw(marked(kind, read(before))), after);

export const tests = {
  "bold is put on and taken away, and left by the same key"() {
    becomes("bold", "a |word| b", "a **|word|** b");
    becomes("bold", "a **|word|** b", "a |word| b");
    becomes("bold", "a | b", "a **|** b");
    becomes("bold", "a **word|** b", "a **word**| b");
  },
  "code of one line stands in the line, of several in a block"() {
    becomes("code", "a |b| c", "a `|b|` c");
    becomes("code", "|a\nb|", "```\n|a\nb|\n```");
  },
  "lists and quotations begin each line, and end again"() {
    becomes("list", "|a\nb|", "|- a\n- b|");
    becomes("list", "|- a\n- b|", "|a\nb|");
    becomes("quote", "before\n|a|", "before\n\n|> a|");
  },
  "a link waits for its address, or for its words"() {
    becomes("link", "see |here| now", "see [here](|https://|) now");
    becomes("link", "|https://e.x|", "[|](https://e.x)");
  },
  "a block stands by itself"() {
    same(draw(inserted("![x](picture:PX1)", read("a | b"))), "a\n\n![x](picture:PX1)\n\n|b");
  },
  "a name is what follows an @ of its own"() {
    for (const [text, name] of [["hi @an", "an"], ["@", ""], ["a@b", null], ["hi @an x", null], ["（@沈雅", "沈雅"]]) {
      same(nameBefore(text, text.length), name);
    }
  },
};

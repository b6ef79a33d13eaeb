// What two people write to each other, with a server that answers late or not at all.
import { Direct } from "../direct.mjs";
import { same, turns, until } from "./check.mjs";

const own = (no) => `<ol class="talk-list"><li class="bubble--mine" data-no="${no}">Own ${no}</li></ol>`;

/** A talk without messages; each answer of the server is one of ``answers``, null for none. */
function talk(...answers) {
  const place = document.createElement("div");
  Object.assign(place.dataset, { direct: "/DM1", with: "DM1", newest: "1" });
  place.innerHTML = '<section data-talk><ol class="talk-list"></ol></section><p data-arrived hidden></p>';
  const asked = [];
  const fetch = async (url) => {
    asked.push(url.split("?")[0]);
    const html = answers.shift();
    if (html === null) throw new TypeError("the network went away");
    return { ok: true, text: async () => html };
  };
  return { direct: new Direct(place, { fetch, againMs: 1 }), place, asked };
}

export const tests = {
  async "a message that was read before its answer came says so"() {
    const { direct, place, asked } = talk(own(1).replace("Own 1", "Own 1, read"));
    direct.heard({ type: "club.messages_read", data: { ref: "DM1", no: 1 } });
    direct.append(own(1), true);
    await turns();
    same(asked, ["/DM1/1/part"]);
    same(place.querySelector("[data-no]").textContent, "Own 1, read");
  },

  async "what could not be fetched is fetched again"() {
    const { direct, place, asked } = talk(null, own(1));
    direct.heard({ type: "club.message_written", data: { ref: "DM1", no: 1 } });
    await until(() => place.querySelector("[data-no]"));
    same(asked, ["/DM1/behind", "/DM1/behind"]);
  },
};

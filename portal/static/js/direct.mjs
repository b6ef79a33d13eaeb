// What two people write to each other: as a room of two, heard over the reader's own topic.
//   [data-follow="me" data-direct="/url" data-with="REF" data-newest]
// Without JavaScript the same links and the same form load the page anew.
import { Room } from "./room.mjs";

export class Direct extends Room {
  constructor(place, passed) {
    super(place, passed);
    this.url = place.dataset.direct;
    this.readUpTo = 0;
  }

  heard({ type, data }) {
    if (data.ref !== this.place.dataset.with) return;
    if (type === "club.message_written") this.catchUp();
    else if (type === "club.messages_read") this.read(data.no);
  }

  /** The other has read up to a number: the last of one's own messages says so. */
  read(no) {
    this.readUpTo = Math.max(this.readUpTo, no);
    const own = [...this.list.querySelectorAll(".bubble--mine")].filter((item) => Number(item.dataset.no) <= no);
    if (own.length) this.renew(own[own.length - 1].dataset.no);
  }

  /** Her reading may be told of before the answer to the message itself is here. */
  append(html, mine) {
    const before = this.last;
    super.append(html, mine);
    if (before < this.readUpTo) this.read(this.readUpTo);
  }

  lookWhoIsHere() { return null; } // a talk of two has no list of who is here
}

const place = document.querySelector("[data-direct]");
if (place) new Direct(place).bind();

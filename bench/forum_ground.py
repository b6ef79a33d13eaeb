"""A forum of 200 000 posts, written past the services in bulk; run in a process of its own.

One topic has 10 000 posts, the others twenty each. Prints one line of JSON: the long topic's
reference, the cookies of readers who are signed in, and words to search for.
"""

import json
import random
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[1]
POSTS, LONG, SHORT = 200_000, 10_000, 20
AUTHORS, READERS = 400, 200
TEXTS = 4_000  # texts that differ; each begins with the number of its post
AT_ONCE = 5_000
CSRF = "0" * 40  # what the token of every form is made of
CHINESE = (
    "冷链 冰板 箱型 纸箱 气垫 破损 签收 延误 报关 海关 旺季 仓位 拼箱 整车 "
    "零担 托盘 叉车 上架 拣货 复核 退货 运费 报价 时效 干线 末端 派送 改派 温度 曲线 "
    "标签 面单 条码 库存 盘点 效期 批次 保险 理赔 客户"
).split()
ENGLISH = (
    "carton pallet customs delay season freight quote cold chain plate label barcode stock return "
    "damage insurance claim driver route van depot warehouse picking packing invoice tariff lane "
    "booking container truck weight volume sensor logger gauge seal strap foam film pouch crate"
).split()
SEARCHED = (
    "冷链", "海关", "carton", "insurance", "冷链 冰板 箱型", "customs delay season",
    "报关 carton 时效", "仓位 拼箱 整车", "pallet", "理赔",
)  # fmt: skip


def main() -> None:
    """Fill, and print what the measuring needs."""
    sys.path.insert(0, str(ROOT))
    from wsgi import app  # noqa: PLC0415 - in this process alone

    with app.app_context():
        print(json.dumps(fill(app)), flush=True)


def fill(app: Any) -> dict[str, Any]:
    """Write people, topics, posts and their words."""
    from portal.core.db import db, transaction  # noqa: PLC0415
    from portal.demo import bulk  # noqa: PLC0415

    with bulk.hurried(), transaction():
        on = db.session.connection()
        people, cookies = _people(on, app)
        ref = _Forum(on, people).write()
    with transaction():
        db.session.connection().exec_driver_sql("ANALYZE")
    return {"topic": ref, "cookies": cookies, "searched": SEARCHED}


def _next(on: Any, table: str) -> int:
    return int(on.exec_driver_sql(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").scalar())  # noqa: S608


def _people(on: Any, app: Any) -> tuple[list[int], list[str]]:
    """Write colleagues of the members, in the club and signed in; return ids and cookies."""
    from portal.accounts.models import Membership, Person, SignIn  # noqa: PLC0415
    from portal.core import tokens  # noqa: PLC0415
    from portal.demo import bulk  # noqa: PLC0415
    from portal.forum.models import ForumProfile  # noqa: PLC0415

    now, first = int(time.time()), _next(on, "person")
    companies = [row[0] for row in on.exec_driver_sql("SELECT id FROM company LIMIT 8")]
    ids = list(range(first, first + AUTHORS))
    where = {id_: companies[id_ % len(companies)] for id_ in ids}
    bulk.add(
        Person,
        [
            {"id": n, "email": f"bench-{n}@bench.example", "name": f"顾琳{n}", "locale": "zh-Hans",
             "failed_attempts": 0, "created_at": now}
            for n in ids
        ],
        on=on,
    )  # fmt: skip
    role = {"role": "operations", "created_at": now}
    bulk.add(Membership, [{"person_id": n, "company_id": where[n], **role} for n in ids], on=on)
    figures = {
        "trust": 1, "topics_read": 9, "posts_read": 90, "days_seen": 9, "posts_written": 9,
        "useful_got": 0, "answers_accepted": 0, "read_before": now, "created_at": now,
    }  # fmt: skip
    bulk.add(
        ForumProfile,
        [
            {"person_id": n, "ref": f"PFBENCH{n}", "handle": f"bench{n}",
             "skeleton": f"bench{n}", **figures}
            for n in ids
        ],
        on=on,
    )  # fmt: skip
    named = {n: tokens.new() for n in ids[:READERS]}
    opened = {"created_at": now, "seen_at": now, "expires_at": now + 86400}
    bulk.add(
        SignIn,
        [
            {"token_hash": tokens.digest(token), "person_id": n, "company_id": where[n], **opened}
            for n, token in named.items()
        ],
        on=on,
    )
    return ids, [_cookie(app, token) for token in named.values()]


def _cookie(app: Any, token: str) -> str:
    said = {"_user_id": token, "_fresh": False, "_permanent": True, "csrf_token": CSRF}
    signer = app.session_interface.get_signing_serializer(app)
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(said)}"


class _Forum:
    """Writes topics and posts in parts."""

    def __init__(self, on: Any, people: list[int]) -> None:
        from portal.forum.service import writing  # noqa: PLC0415

        self.on, self.people, self.chance = on, people, random.Random(1)
        self.spaces = [row[0] for row in on.exec_driver_sql("SELECT id FROM forum_space")]
        self.post, self.at = _next(on, "forum_post"), int(time.time()) - POSTS * 60
        texts = [self._text() for _ in range(TEXTS)]
        self.texts = [(text, writing.html_of(text)) for text in texts]
        self.posts: list[dict[str, Any]] = []
        self.words: list[tuple[int, int, str]] = []

    def _text(self) -> str:
        pick = self.chance.sample
        chinese = "，".join(pick(CHINESE, 9))
        english = " ".join(pick(ENGLISH, 10))
        return f"{chinese}。\n\n- **{pick(CHINESE, 1)[0]}**：{english}\n- {english[::2]}\n"

    def write(self) -> str:
        """Write them all; return the reference of the long topic."""
        from portal.demo import bulk  # noqa: PLC0415
        from portal.forum.models import ForumTopic  # noqa: PLC0415

        first = _next(self.on, "forum_topic")
        sizes = [LONG, *[SHORT] * ((POSTS - LONG) // SHORT)]
        topics, at = [], self.at
        for id_, size in enumerate(sizes, first):
            at += size * 60
            topics.append(self._topic(id_, size, at))
        bulk.add(ForumTopic, topics, on=self.on)
        for topic, size in zip(topics, sizes, strict=True):
            for no in range(1, size + 1):
                self._post(topic["id"], topic["space_id"], no, topic["title"])
            if len(self.posts) >= AT_ONCE:
                self._flush()
        self._flush()
        return f"TPBENCH{first}"

    def _topic(self, id_: int, size: int, at: int) -> dict[str, Any]:
        author = self.people[id_ % AUTHORS]
        return {
            "id": id_, "ref": f"TPBENCH{id_}", "space_id": self.spaces[id_ % len(self.spaces)],
            "title": "".join(self.chance.sample(CHINESE, 4)) + f" {id_}", "author_id": author,
            "state": "open", "pinned": 0, "tags": '["冷链"]', "last_no": size,
            "reply_count": size - 1, "reader_count": 9, "last_post_at": at,
            "last_person_id": author, "created_at": at,
        }  # fmt: skip

    def _post(self, topic: int, space: int, no: int, title: str) -> None:
        from portal.forum import fulltext  # noqa: PLC0415

        self.at += 60
        author = self.chance.choice(self.people)
        text, html = self.texts[self.post % TEXTS]
        self.posts.append(
            {"id": self.post, "ref": f"POBENCH{self.post}", "topic_id": topic, "no": no,
             "author_id": author, "company_name": "西溪花坊", "state": "visible", "text": text,
             "html": html, "version": 1, "useful": self.post % 5, "thanks": 0, "same": 0,
             "flagged": 0, "created_at": self.at}
        )  # fmt: skip
        said = SimpleNamespace(author_id=author, no=no, title=title, tags=["冷链"])
        self.words.append((self.post, space, fulltext.document(said, text)))
        self.post += 1

    def _flush(self) -> None:
        from portal.demo import bulk  # noqa: PLC0415
        from portal.forum import fulltext  # noqa: PLC0415
        from portal.forum.models import ForumPost  # noqa: PLC0415

        bulk.add(ForumPost, self.posts, on=self.on)
        fulltext.POSTS.add(self.words, on=self.on)
        self.posts, self.words = [], []


if __name__ == "__main__":
    main()

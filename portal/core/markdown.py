"""Text that people write in Markdown, made into HTML that cannot harm the page it stands in.

CommonMark and tables; no raw HTML; pictures only where the caller names those that may be shown.
What the parser makes goes through an allow-list once more, so that a fault in the one is caught by
the other.
"""

import re
import unicodedata
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markupsafe import Markup

MOST = 60_000  # characters; more is cut off: no text of ours is a book
KEPT = 512  # texts whose HTML is kept
#: What turns the direction of writing or hides in it: nothing people type, only what deceives.
DECEIVING = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "a", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "div"),
    *HEADINGS[1:],
}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}, "div": {"tabindex", "role"}}
PICTURE_ATTRIBUTES = {"src", "alt", "width", "height", "loading"}
CLASSES = {"div": {"prose-table"}, "th": {"end"}, "td": {"end"}}
SCHEMES = {"http", "https", "mailto", "tel"}
STRANGE = "nofollow ugc noopener"
_HAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "FULLWIDTH", "IDEOGRAPHIC")


class Picture(NamedTuple):
    """A picture that a text may show: how the text calls it, where it is, its size in px."""

    name: str
    address: str
    width: int
    height: int


def render(
    text: str, *, ours: bool = False, top: int = 3, pictures: tuple[Picture, ...] | None = None
) -> Markup:
    """Return ``text`` as safe HTML.

    ``#`` becomes a heading of level ``top`` (2 to 6), ``##`` one below. Links to other hosts are
    marked as written by strangers unless the text is ``ours``. ``![words](name)`` shows one of
    ``pictures``; what is none of them is a link, or its words alone. None: pictures mean nothing.
    """
    return _rendered(text[:MOST], ours, min(max(top, 2), 6), pictures)


@lru_cache(maxsize=KEPT)
def _rendered(text: str, ours: bool, top: int, pictures: tuple[Picture, ...] | None) -> Markup:
    named = {each.name: each for each in pictures or ()}
    env = {"ours": ours, "top": top, "pictures": named}
    html = _parser(pictures is not None).render(clean(text), env)
    known = frozenset(each.address for each in named.values())
    safe = nh3.clean(
        html,
        tags=TAGS | {"img"} if named else TAGS,
        attributes=ATTRIBUTES | ({"img": PICTURE_ATTRIBUTES} if named else {}),
        attribute_filter=lambda tag, name, value: (
            None if (tag, name) == ("img", "src") and value not in known else value
        ),
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return Markup(safe)  # noqa: S704 - what the allow-list let through


def plain(text: str, length: int | None = None) -> str:
    """Return the words of ``text`` without marks, in one line of at most ``length`` characters."""
    words = " ".join(" ".join(_words(_parser().parse(clean(text[:MOST])))).split())
    if length is None or len(words) <= length:
        return words
    cut = words[: length - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{(head if space and len(head) > length // 2 else cut).rstrip(' ,.;:，。；：、')}…"


def clean(text: str) -> str:
    """Return ``text`` without control characters and without what turns its direction."""
    return DECEIVING.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))


def is_elsewhere(address: str) -> bool:
    """Return whether a link leads to another host."""
    parts = urlsplit(address.replace("\\", "/"))
    return bool(parts.netloc) or address.replace("\\", "/").startswith("//")


def _words(tokens: Sequence[Token]) -> list[str]:
    found: list[str] = []
    for token in tokens:
        if token.children is not None:
            line = "".join(_word(child) for child in token.children)
            found.append(line)
        elif token.type in ("code_block", "fence"):
            found.append(token.content)
    return found


def _word(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


class _Inline(StateInline):
    """Marks beside Chinese: ``**重点：**内容`` is bold for us, as people mean it."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Return whether a run of marks may open and close an emphasis."""
        found = super().scanDelims(start, canSplitWord)
        end = start + found.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if not canSplitWord or not (_is_han(before) or _is_han(after)):
            return found
        can_open = found.can_open or not after.isspace()
        can_close = found.can_close or not before.isspace()
        return Scanned(can_open, can_close, found.length)


@lru_cache(maxsize=4096)
def _is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_HAN)


class _InlineParser(ParserInline):
    """The usual parser, over a state that knows Chinese."""

    def parse(
        self, src: str, md: MarkdownIt, env: MutableMapping[str, Any], tokens: list[Token]
    ) -> list[Token]:
        """Add the tokens of one paragraph to ``tokens``."""
        state = _Inline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _Renderer(RendererHTML):
    """Headings below those of the page, tables that scroll by themselves, honest links."""

    def heading_open(self, tokens: Sequence[Token], at: int, _: Any, env: Any) -> str:
        """Begin a heading at the level that is its own here."""
        return f"<{_level(tokens[at], env)}>"

    def heading_close(self, tokens: Sequence[Token], at: int, _: Any, env: Any) -> str:
        """End it."""
        return f"</{_level(tokens[at], env)}>\n"

    def table_open(self, *_: Any) -> str:
        """Put the table into a box that scrolls and that a keyboard reaches."""
        return '<div class="prose-table" role="group" tabindex="0"><table>\n'

    def table_close(self, *_: Any) -> str:
        """End both."""
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        """Set figures at the end of their column."""
        return _cell(tokens[at])

    def td_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        """Set figures at the end of their column."""
        return _cell(tokens[at])

    def link_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        """Say of links to elsewhere that we do not vouch for them."""
        token = tokens[at]
        if is_elsewhere(str(token.attrGet("href") or "")):
            token.attrSet("rel", "noopener" if env.get("ours") else STRANGE)
        token.attrs.pop("title", None)
        return self.renderToken(tokens, at, options, env)

    def image(self, tokens: Sequence[Token], at: int, _: Any, env: Any) -> str:
        """Show a picture that may be shown; of any other only its words, as a link to it."""
        address = str(tokens[at].attrGet("src") or "")
        words = escapeHtml(tokens[at].content)
        found = env["pictures"].get(address)
        if found is not None:
            size = f'width="{found.width}" height="{found.height}"'
            return f'<img src="{escapeHtml(found.address)}" alt="{words}" {size} loading="lazy">'
        if not is_elsewhere(address):
            return words
        return f'<a href="{escapeHtml(address)}" rel="{STRANGE}">{words or escapeHtml(address)}</a>'


def _level(token: Token, env: Any) -> str:
    below = int(token.tag[1]) - 1
    return HEADINGS[min(env.get("top", 3) + below, 6) - 1]


def _cell(token: Token) -> str:
    at_end = "right" in str(token.attrGet("style") or "")
    return f'<{token.tag} class="end">' if at_end else f"<{token.tag}>"


@lru_cache(maxsize=2)
def _parser(pictures: bool = False) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    parser.inline = _InlineParser()
    parser.enable(["table", "strikethrough"]).disable(["html_block", "html_inline"])
    return parser if pictures else parser.disable(["image"])

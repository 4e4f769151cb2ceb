"""The text of web pages: what a reader sees, with the structure of its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_UNSEEN = frozenset(
    (
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "iframe",
        "object",
        "svg",
        "canvas",
        "audio",
        "video",
        "datalist",
    )
)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "pre", "blockquote", "figure", "article")
) | {"section", "main", "nav", "aside"}
_LINES = frozenset(
    ("div", "li", "tr", "dt", "dd", "caption", "figcaption", "header", "footer", "form", "fieldset", "legend", "option")
) | {"address", "details", "summary", "hr", "body"}
_CELLS = frozenset({"td", "th"})
_BLANKS = re.compile(r"[ \t\n\r\f]+")


def read(file: BinaryIO) -> Iterator[str]:
    """The text of a page in UTF-8."""
    yield text_of(file.read().decode())


def text_of(page: str) -> str:
    """What a reader sees of a page, after its title."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page)
    writer = _Writer()
    title = tree.css_first("head > title")
    if title is not None:
        writer.text(title.text(), exactly=False)
        writer.part("\n\n")
    if tree.body is not None:
        _walk(tree.body, writer)
    return writer.result()


def _walk(top: LexborNode, writer: _Writer) -> None:
    """Not by recursion: pages may be nested deeply."""
    node: LexborNode | None = top
    end = top.mem_id  # nodes themselves are compared by all that is in them
    exactly = 0
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            writer.text(node.text_content or "", exactly=exactly > 0)
        elif node.is_element_node and not _is_hidden(node, tag):
            writer.part(_border(tag))
            if tag == "br":
                writer.line()
            elif tag == "li":
                writer.item()
            if (child := node.child) is not None:
                exactly += tag == "pre"
                node = child
                continue
            writer.part(_border(tag))
        while node is not None and node.mem_id != end and node.next is None:
            node = node.parent
            if node is not None:
                exactly -= node.tag == "pre"
                writer.part(_border(node.tag or ""))
        node = None if node is None or node.mem_id == end else node.next


def _is_hidden(node: LexborNode, tag: str) -> bool:
    if tag in _UNSEEN:
        return True
    attributes = node.attributes
    return "hidden" in attributes or _HIDING.search(attributes.get("style") or "") is not None


def _border(tag: str) -> str:
    """What parts an element from its neighbours."""
    if tag in _PARAGRAPHS:
        return "\n\n"
    return "\n" if tag in _LINES else " | " if tag in _CELLS else ""


class _Writer:
    """Puts text together; borders that meet become one, the widest."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._border = ""
        self._mark = ""
        self._blank = False

    def text(self, text: str, *, exactly: bool) -> None:
        """Add text, with its blanks as they are or each run of them as one."""
        shown = text if exactly else _BLANKS.sub(" ", text)
        if not exactly and (self._border or not self._pieces or self._blank):
            shown = shown.lstrip(" ")
        if not shown:
            return
        if self._pieces and self._border:
            if self._pieces[-1].endswith(" "):
                self._pieces[-1] = self._pieces[-1].rstrip(" ")
            self._pieces.append(self._border)
        self._pieces.append(self._mark + shown)
        self._border = self._mark = ""
        self._blank = shown[-1] in " \n"

    def part(self, border: str) -> None:
        """What comes is parted from what came."""
        rank = ("", " | ", "\n", "\n\n")
        self._border = max(self._border, border, key=rank.index)

    def item(self) -> None:
        """What comes is an item of a list."""
        self._mark = "- "

    def line(self) -> None:
        """Begin a new line."""
        self.part("\n")

    def result(self) -> str:
        """All of it."""
        return "".join(self._pieces).strip() + "\n"

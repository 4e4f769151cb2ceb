"""Text out of documents, in a process of its own: `python -m ...extracting KIND`.

A file may be made to take all memory, to compute for ever or to crash a library. Here it takes only this process with
it, which has limits on memory and time and knows no keys. The document is standard input; its text goes to standard
output in UTF-8 as it is found. If it cannot be read the process ends with `REFUSED`, and the last line of standard
error says why, in JSON.

Nothing of the server is imported here, so that the process starts quickly.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import signal
import sys
import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from docx.document import Document
    from selectolax.lexbor import LexborNode

REFUSED = 3

_PR_SET_PDEATHSIG = 1

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 300
PAGE_CPU_SECONDS = 60
"""Of a web page. The largest takes ten; with elements that are nested absurdly deeply it would take hours."""
TEXT_BYTES = 256 << 20
"""Of one document."""

MOST_PAGES = 10_000
_ENCRYPTED = "is encrypted in a way that this server cannot read."

MOST_PARTS = 20_000
PART_BYTES = 128 << 20
ALL_BYTES = 512 << 20
"""Unpacked."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LISTED = re.compile(r"List (Bullet|Number|Paragraph)|List$")

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


class Refused(Exception):
    """The document has no text for us."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        """How the sentence goes on that begins with the name of the file."""


def main() -> int:
    """Write the text of standard input; the exit code."""
    kind = sys.argv[1]
    _end_with_parent()
    _limit(PAGE_CPU_SECONDS if kind == "html" else CPU_SECONDS)
    logging.disable()
    warnings.simplefilter("ignore")
    written = 0
    try:
        for piece in _read(kind, sys.stdin.buffer):
            data = piece.replace("\0", "").encode(errors="replace")
            written += len(data)
            if written > TEXT_BYTES:
                raise Refused("invalid_file", f"has more than {TEXT_BYTES >> 20} MiB of text.")
            sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except Refused as refused:
        return _refuse(refused.code, refused.reason)
    except ModuleNotFoundError as missing:
        reason = f"needs the package '{missing.name}', which is not installed: pip install 'openai-assistants[server]'"
        return _refuse("server_error", reason)
    except MemoryError:
        return _refuse("invalid_file", "takes too much memory to read.")
    except Exception as error:  # the libraries raise all kinds
        return _refuse("invalid_file", f"is broken: {type(error).__name__}.")
    return 0


def _read(kind: str, file: BinaryIO) -> Iterator[str]:
    file.seek(0)
    if kind == "pdf":
        return read_pdf(file)
    if kind == "docx":
        return read_docx(file)
    return read_page(file)


def _refuse(code: str, reason: str) -> int:
    print("\n" + json.dumps({"code": code, "reason": reason}), file=sys.stderr)
    return REFUSED


def _end_with_parent() -> None:
    """A server that is killed cannot end this process, which would go on for nobody."""
    if sys.platform != "linux":  # pragma: no cover - others do not tell a process that its parent has ended
        return
    with contextlib.suppress(ImportError, OSError):  # not each Python has it
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit(cpu_seconds: int) -> None:
    if sys.platform == "win32":  # pragma: no cover - there are no such limits
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, hard))


# PDF, page by page.


def read_pdf(file: BinaryIO) -> Iterator[str]:
    """The text of each page."""
    from pypdf import errors

    try:
        yield from _pages(file)
    except errors.DependencyError:  # at the password, or only at what is encrypted with it
        raise Refused("invalid_file", _ENCRYPTED) from None


def _pages(file: BinaryIO) -> Iterator[str]:
    from pypdf import PdfReader

    try:
        reader = PdfReader(file)
        # Many are encrypted without a password for reading.
        opened = not reader.is_encrypted or reader.decrypt("")
    except NotImplementedError:
        raise Refused("invalid_file", _ENCRYPTED) from None
    if not opened:
        raise Refused("invalid_file", "is encrypted with a password. Remove the password and upload it again.")
    if len(reader.pages) > MOST_PAGES:
        raise Refused("invalid_file", f"has more than {MOST_PAGES} pages.")
    found = False
    for page in reader.pages:
        text = page.extract_text().strip()
        if text:
            yield "\n\n" * found + text
            found = True
    if not found:
        raise Refused("invalid_file", "has no text; pages that are pictures must go through text recognition first.")


# Word documents (docx), in the order in which they are read: headers, body, notes, footers.


def read_docx(file: BinaryIO) -> Iterator[str]:
    """The text of each paragraph and each table."""
    _check_archive(file)
    from docx import Document

    document = Document(file)
    found = False
    for block in _blocks(document):
        if block.strip():
            yield "\n" * found + block + "\n"
            found = True
    if not found:
        raise Refused("invalid_file", "has no text.")


def _check_archive(file: BinaryIO) -> None:
    """Refuse what is no docx, and what could not be unpacked."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
    except BadZipFile:
        raise Refused("invalid_file", "is a broken archive.") from None
    file.seek(0)
    if not any(part.filename == "word/document.xml" for part in parts):
        raise Refused("unsupported_file", "is an archive, but no docx.")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("invalid_file", "is encrypted with a password. Remove the password and upload it again.")
    too_big = any(part.file_size > PART_BYTES for part in parts) or sum(part.file_size for part in parts) > ALL_BYTES
    if too_big or len(parts) > MOST_PARTS:
        raise Refused("invalid_file", "is too large when it is unpacked.")


def _blocks(document: Document) -> Iterator[str]:
    headers: list[str] = []
    footers: list[str] = []
    for section in document.sections:
        for into, kinds in (
            (headers, (section.header, section.first_page_header)),
            (footers, (section.footer, section.first_page_footer)),
        ):
            into += ["\n\n".join(_texts(kind.part.element)) for kind in kinds if not kind.is_linked_to_previous]
    yield from dict.fromkeys(headers)
    yield from _texts(document.part.element, document)
    yield from _notes(document)
    yield from dict.fromkeys(footers)


def _notes(document: Document) -> Iterator[str]:
    """Footnotes and endnotes, which the library has no objects for."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
            yield from _texts(parse_xml(relation.target_part.blob))


def _texts(element: Any, document: Document | None = None) -> Iterator[str]:
    """The paragraphs and tables below an element, those in frames and in fields to fill in as well."""
    for child in element:
        match _name(child):
            case "p":
                yield _paragraph(child, document)
                yield from _boxes(child)
            case "tbl":
                yield "\n".join(_rows(child))
            case "":
                pass
            case _:
                yield from _texts(child, document)


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is table:
            cells = [" ".join(" ".join(_texts(cell)).split()) for cell in _cells(row)]
            if any(cells):
                yield " | ".join(cells)


def _cells(row: Any) -> Iterable[Any]:
    return (cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row)


def _paragraph(paragraph: Any, document: Document | None) -> str:
    text = "".join(_runs(paragraph)).strip()
    return f"- {text}" if text and _is_listed(paragraph, document) else text


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name not in ("", "pPr", "rPr", "txbxContent", "del", "moveFrom", "instrText"):
            yield from _runs(child)


def _boxes(paragraph: Any) -> Iterator[str]:
    """Text in frames that are anchored in a paragraph."""
    for box in paragraph.iter(f"{_W}txbxContent"):
        if next(box.iterancestors(_FALLBACK), None) is None and next(box.iterancestors(f"{_W}p")) is paragraph:
            yield from _texts(box)


def _is_listed(paragraph: Any, document: Document | None) -> bool:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return False
    if properties.find(f"{_W}numPr") is not None:
        return True
    style = properties.find(f"{_W}pStyle")
    if style is None or document is None:
        return False
    name = next((each.name for each in document.styles if each.style_id == style.get(f"{_W}val")), None)
    return name is not None and _LISTED.match(name) is not None


def _name(element: Any) -> str:
    """The name of an element of the text; nothing for a comment, and for what only repeats text for old programs."""
    tag = element.tag
    if not isinstance(tag, str) or tag == _FALLBACK:
        return ""
    return tag.rpartition("}")[2]


# Web pages: what a reader sees, with the structure of its blocks.


def read_page(file: BinaryIO) -> Iterator[str]:
    """The text of a page in UTF-8."""
    yield text_of_page(file.read().decode())


def text_of_page(page: str) -> str:
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
        while node.mem_id != end and node.next is None:
            node = cast("LexborNode", node.parent)
            exactly -= node.tag == "pre"
            writer.part(_border(node.tag or ""))
        node = None if node.mem_id == end else node.next


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


if __name__ == "__main__":
    sys.exit(main())

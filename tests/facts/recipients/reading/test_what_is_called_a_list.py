"""Files as people have them: old encodings, other formats under a list's name, and what is no list at all."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mailaudit.campaign.load import load_campaign
from mailaudit.errors import InputError
from mailaudit.facts.recipients.reading import open_list, text_file
from mailaudit.facts.recipients.reading.columns import Wanted
from mailaudit.facts.recipients.reading.open_list import open_source
from mailaudit.facts.recipients.reading.sheet_extent import too_far
from mailaudit.facts.recipients.reading.source import Source
from mailaudit.facts.recipients.tables.engine import Workspace
from mailaudit.knowledge.load import entries
from mailaudit.knowledge.types.list_columns import ListColumnsFile

openpyxl: Any = pytest.importorskip("openpyxl")

GOOD = "anna@acme.example"


@pytest.fixture
def work() -> Iterator[Workspace]:
    made = Workspace(reads=())
    yield made
    made.close()


def opened(work: Workspace, folder: Path, name: str, data: bytes | str, **wanted: Any) -> Source:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return open_source(path, work, Wanted(**wanted))


def addresses(source: Source) -> list[str]:
    return [row.cell for row in source.rows()]


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("cp1252", "Prénom;E-mail;Société"),
        ("cp1252", "Straße;E-Mail;Empfänger"),
        ("cp1250", "Imię;E-mail;Województwo"),
        ("iso8859_2", "Imię;E-mail;Miejscowość"),
        ("cp1250", "Jméno;E-mail;Příjmení"),
        ("cp1251", "Фамилия;E-mail;Телефон"),
        ("cp1251", "Ник;E-mail;Прозвище"),
        ("koi8_r", "Имя;E-mail;Город"),
        ("cp866", "Имя;E-mail;Город"),
        ("mac_roman", "Prénom;E-mail;Société"),
        ("cp932", "氏名;メールアドレス;住所"),
        ("euc_jp", "氏名;メールアドレス;住所"),
        ("iso2022_jp_ext", "氏名;メールアドレス;住所"),
        ("gb18030", "姓名;邮箱;城市"),
        ("big5", "姓名;電子郵件;電話"),
        ("cp949", "이름;이메일;회사"),
        ("cp1253", "Όνομα;E-mail;Πόλη"),
        ("cp1254", "Ad;E-posta;Şehir"),
        ("cp850", "Adhésion;E-mail"),
        ("cp1257", "Įrašas;E-mail"),
    ],
)
def test_the_names_of_columns_prove_the_encoding(
    work: Workspace, tmp_path: Path, encoding: str, header: str
) -> None:
    rows = f"{header}\nx;{GOOD};y\n".encode(encoding)
    source = opened(work, tmp_path, "list.csv", rows, others=[header.split(";", maxsplit=1)[0]])
    assert (addresses(source), source.encoding) == ([GOOD], encoding)


def test_without_a_proof_the_encoding_stays_as_it_was(work: Workspace, tmp_path: Path) -> None:
    assert opened(work, tmp_path, "list.csv", f"name;email\nZoé;{GOOD}\n".encode("cp1252")).encoding == "cp1252"


def test_an_encoding_that_is_named(work: Workspace, tmp_path: Path) -> None:
    data = f"Код;Кто\n1;{GOOD}\n".encode("cp1251")
    assert opened(work, tmp_path, "list.csv", data, encoding="cp1251", others=["Код"]).encoding == "cp1251"
    with pytest.raises(InputError, match=r"line 1 is not written in utf-8; correct recipients\.encoding"):
        opened(work, tmp_path, "list.csv", data, encoding="utf-8")
    marked = f"Код;Кто\n1;{GOOD}\n".encode("utf-8-sig")
    assert opened(work, tmp_path, "list.csv", marked, encoding="cp1251", others=["Код"]).encoding == "utf-8-sig"


@pytest.mark.parametrize("name", ["rot13", "idna", "klingon", "base64"])
def test_what_is_no_encoding_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    file = tmp_path / "campaign.yml"
    file.write_text(f"from: a@acme.example\nrecipients:\n  files: [x.csv]\n  encoding: {name}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r":4:\d+: recipients.encoding: .* is no character encoding"):
        load_campaign(file)


def test_a_column_that_legacy_bytes_hide_is_told_with_a_way_out(work: Workspace, tmp_path: Path) -> None:
    data = f"\u017eena;email\nx;{GOOD}\n".encode("cp1250")
    with pytest.raises(InputError, match=r"say how the file is written in recipients\.encoding"):
        opened(work, tmp_path, "list.csv", data, others=["\u0161koda"])


def test_every_word_proves_something() -> None:
    assert not [word for word in entries(ListColumnsFile).foreign.split() if word.isascii()]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_that_is_called_a_workbook(work: Workspace, tmp_path: Path, encoding: str) -> None:
    data = f"Name\tEmail\r\nAnna\t{GOOD}\r\n".encode(encoding)
    assert addresses(opened(work, tmp_path, "list.xls", data)) == [GOOD]


PAGE = f"""<html><head><meta charset="iso-8859-1"><style>td{{x:"<td>a@b"}}</style></head>
<body><table><tr><td>Menu<td>Help</table><table><tr><th>Prénom<th>E-Mail</tr>
<tr><td>Zo&eacute;<br>B</td><td><a href="mailto:{GOOD}">{GOOD}</a></td></tr></table>"""
WORKBOOK = f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>a</Data></Cell>
<Cell><Data>Email</Data></Cell></Row><Row><Cell ss:Index="2"><Data>{GOOD}</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize(("page", "column"), [(PAGE, "E-Mail"), (WORKBOOK, "Email")])
def test_pages_that_are_called_workbooks(work: Workspace, tmp_path: Path, page: str, column: str) -> None:
    source = opened(work, tmp_path, "list.xls", page.encode("cp1252"))
    assert (addresses(source), source.column) == ([GOOD], column)


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile", ["<" * 300_000, "<td " * 100_000, "<table><tr>" + "<td>a@b" * 100_000, "<!--" * 99_999]
)
def test_a_hostile_page_is_read_in_little_time(work: Workspace, tmp_path: Path, hostile: str) -> None:
    page = f"<html><table><tr><td>{GOOD}</td></tr></table>{hostile}"
    assert GOOD in addresses(opened(work, tmp_path, "list.html", page))[0]


def test_old_and_new_vcards(work: Workspace, tmp_path: Path) -> None:
    cards = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;ENCODING=QUOTED-PRINTABLE:Zo=C3=A9=\r\n=20B\r\nitem1.EMAIL;INTERNET:anna@\r\n"
        " acme.example\r\nEMAIL:b@acme.example\r\nPHOTO;BASE64:AAAA\r\n BB\r\nEND:VCARD\r\n"
    )
    source = opened(work, tmp_path, "contacts.csv", cards)
    assert addresses(source) == [GOOD]
    assert dict(zip(source.header(), next(source.cells(source.header()))[1], strict=True)) == {
        "name": "Zoé B", "email": GOOD, "email_2": "b@acme.example",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (f'["{GOOD}"]', "email"),
        (f'{{"n": 1, "o": {{"p": []}}, "members": [{{"email_address": "{GOOD}"}}], "z": 1}}', "email_address"),
        (f'{{"f": {{"g": [{{"n": 1}}]}}, "h": ["x"], "data": {{"rows": [{{"mail": "{GOOD}"}}]}}}}', "mail"),
        (f'[{{"contact": {{"email": "{GOOD}"}}}}]', "contact.email"),
        (f'{{"contact": {{"email": "{GOOD}"}}}}\n{{"x": 1}}', "contact.email"),
    ],
)
def test_shapes_of_json(work: Workspace, tmp_path: Path, text: str, column: str) -> None:
    source = opened(work, tmp_path, "list.json", text)
    assert (addresses(source)[0], source.column) == (GOOD, column)


@pytest.mark.parametrize("text", ["[", '[{"email": "a@b.example"},', "[" * 100_000, '{"a": {"b": 1}', "[1 2]"])
def test_broken_json_is_told(work: Workspace, tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"JSON document (is damaged|holds no array)"):
        opened(work, tmp_path, "list.json", text)


@pytest.mark.parametrize(
    "text", ["Von;An\nshop@a.example;{0}\n", "Seller;Person\ns@a.example;{0}\ns@a.example;zoe@b.example\n"]
)
def test_the_address_of_who_sent_is_not_that_of_who_received(work: Workspace, tmp_path: Path, text: str) -> None:
    assert addresses(opened(work, tmp_path, "log.csv", text.format(GOOD)))[0] == GOOD


def packed(files: Mapping[str, bytes | str], *, said_size: int | None = None) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
            if said_size is not None:
                archive.getinfo(name).file_size = said_size
    return data.getvalue()


LIST = f"Email,N\n{GOOD},1\n"
CARD = "BEGIN:VCARD\nVERSION:4.0\nFN:Ann\nEMAIL:{}\nEND:VCARD\n"


def test_an_archive_of_one_contact_each_is_one_list(work: Workspace, tmp_path: Path) -> None:
    cards = {
        "a.vcf": CARD.format("mailto:ann%2Bx@acme.example"),
        "b.vcf": CARD.format("bob@acme.example").rstrip(),
    }
    source = opened(work, tmp_path, "contacts.zip", packed(cards))
    assert addresses(source) == ["ann+x@acme.example", "bob@acme.example"]
    assert source.name == "contacts.vcf"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'email,name\n"ann@acme.example,Ann"\n"bob@acme.example,""Bob, B."""\n',
            ["ann@acme.example", "bob@acme.example"],
        ),
        ('"name;email"\n"Ann;ann@acme.example"\n', ["ann@acme.example"]),
        (
            '"email,name"\n'
            + "".join(f'"ann{n}@acme.example,Ann"\n' for n in range(8))
            + '"nobody,Bob"\n2 people\n',
            [*(f"ann{n}@acme.example" for n in range(8)), "nobody", "2 people"],
        ),
        ('email\n"ann@acme.example"\n"bob@acme.example"\n', ["ann@acme.example", "bob@acme.example"]),
        ('email\n"ann@acme.example, ann@home.example"\n', ["ann@acme.example, ann@home.example"]),
        ('email,name\n"ann@acme.example","Ann"\n', ["ann@acme.example"]),
    ],
)
def test_rows_in_quotes_as_a_whole_are_rows(work: Workspace, tmp_path: Path, text: str, found: list[str]) -> None:
    assert addresses(opened(work, tmp_path, "list.csv", text)) == found


def test_which_file_of_an_archive_is_the_list(work: Workspace, tmp_path: Path) -> None:
    mailchimp = {f"{status}_members_export_1.csv": LIST for status in ("subscribed", "unsubscribed", "cleaned")}
    source = opened(work, tmp_path, "audience.zip", packed(mailchimp))
    assert source.display.endswith("audience.zip/subscribed_members_export_1.csv")
    refusing = opened(work, tmp_path, "audience.zip", packed(mailchimp), takes_hashes=True)
    assert addresses(refusing) == 2 * [row.split(",")[0] for row in LIST.splitlines()[1:]]
    beside = packed({"list/a.csv": LIST, "list/README.txt": "All customers"})
    assert addresses(opened(work, tmp_path, "one.zip", beside)) == [GOOD]
    with pytest.raises(InputError, match=r"several files of the archive may hold the list: a\.csv, b\.csv"):
        opened(work, tmp_path, "two.zip", packed({"a.csv": LIST, "b.csv": LIST}))
    assert addresses(opened(work, tmp_path, "two.zip", packed({"a.csv": LIST, "b.csv": ""}), sheet="a.csv")) == [
        GOOD
    ]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.zip", packed({"b.zip": packed({"c.csv": LIST})}), "an archive in an archive"),
        ("a.zip", packed({"c.csv": b"0"}, said_size=300_000_000), "suspicious size"),
        ("a.zip", packed({"c/": b""}), "the archive is empty"),
        ("a.numbers", packed({"Index/Document.iwa": b"x"}), "an Apple Numbers document.*Export To > CSV"),
        ("a.docx", packed({"word/document.xml": b"x"}), "a Word document"),
        ("a.mbox", "From x Mon\nFrom: a@b.example\nDate: now\n\nhello", "a mailbox .mbox. of messages"),
        ("a.txt", "From - Mon Jan 1 2024\nX-Mozilla-Status: 1\nTo: a@b.example\n\nhi", "a mailbox .mbox. of messages"),
        ("a.csv", "Return-Path: <a@b.example>\nSubject: x\n\nhello", "an e-mail message"),
        ("a.csv", "BEGIN:VCALENDAR\n", "a calendar"),
        ("a.csv", b"{\\rtf1 x", "an RTF document"),
        ("a.csv", b"SQLite format 3\0", "sqlite:///path with recipients.table"),
        ("a.xls", "<html><table><tr><td>1</td></tr></table>", "an HTML or XML page, and no table"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_named_with_advice(
    work: Workspace, tmp_path: Path, name: str, data: bytes | str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        opened(work, tmp_path, name, data)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_header_of_one_name_above_rows_of_several_cells(work: Workspace, tmp_path: Path, sign: str) -> None:
    rows = f"email\n{GOOD}{sign}Anna{sign}x\nbob@acme.example{sign}Bob{sign}y\n"
    assert addresses(opened(work, tmp_path, "list.csv", rows)) == [GOOD, "bob@acme.example"]
    wrapped = 'email\n"Doe, Jane" <jane@acme.example>\nDoe, John <john@acme.example>\n'
    assert addresses(opened(work, tmp_path, "list.txt", wrapped))[1] == "Doe, John <john@acme.example>"


def test_what_unpacks_to_gigabytes_is_read_no_further(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_file, "MAX_UNPACKED", 1 << 20)
    with pytest.raises(InputError, match="it unpacks to a suspicious size"):
        opened(work, tmp_path, "list.csv.gz", gzip.compress(b"a@acme.example\n" * 1_000_000))
    assert len(addresses(opened(work, tmp_path, "list.csv.gz", gzip.compress(f"{GOOD}\n".encode() * 9)))) == 9


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no such devices here")
def test_a_device_is_no_list(work: Workspace, device: str) -> None:
    with pytest.raises(InputError, match=f"{device}: this is a device"):
        open_source(Path(device), work)


def test_a_pipe_that_never_ends_is_left(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_list, "MAX_PIPED", 100)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"x" * 101)))
    with pytest.raises(InputError, match="more comes through the pipe"):
        open_source(Path("-"), work)


def test_a_stray_cell_is_named_and_not_reached_for(work: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["E-Mail"])
    book.active.append([GOOD])
    book.save(tmp_path / "a.xlsx")
    assert addresses(open_source(tmp_path / "a.xlsx", work)) == [GOOD]
    book.active["XFD1048576"] = "."
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="reaches to XFD1048576, because of a stray cell"):
        open_source(tmp_path / "a.xlsx", work)


@pytest.mark.parametrize(
    ("part", "cells", "is_far"),
    [
        ("worksheets/sheet1.xml", '<row r="2"><c r="B2"/></row><row r="1048576"/>', False),
        ("worksheets/sheet1.xml", '<row r="1048576">' + "<c/>" * 30 + "</row>", False),
        ("worksheets/sheet1.xml", '<row r="1048576">' + "<c/>" * 31 + "</row>", True),
        ("worksheets/sheet1.xml", '<row r="2"><c r="A99999999999"/></row>', True),
        ("worksheets/sheet1.xml", "<row r='2'><c s=\">\" r = 'xfd1048576'/></row>", True),
        ("worksheets/sheet1.xml", '<x:row r="99999999"><x:c/></x:row>', True),
        ("people.xml", '<row r="2"><c r="AAAA9999"/></row>', True),
    ],
)
def test_how_far_cells_reach_however_they_are_written(tmp_path: Path, part: str, cells: str, is_far: bool) -> None:  # noqa: FBT001 - a pytest parameter
    (tmp_path / "a.xlsx").write_bytes(packed({f"xl/{part}": f"<sheetData>{cells}</sheetData>"}))
    assert (too_far(tmp_path / "a.xlsx") is not None) == is_far


@pytest.mark.parametrize(
    ("row", "column", "is_far"), [(1_048_575, 2, False), (1_048_575, 16_383, True), (9, 1 << 30, True)]
)
def test_how_far_the_cells_of_a_binary_sheet_reach(tmp_path: Path, row: int, column: int, is_far: bool) -> None:  # noqa: FBT001 - as above
    other = b"\x81\x01\x00" + b"\x93\x01\x84\x00" + bytes(4)
    sheet = other + b"\x00\x04" + row.to_bytes(4, "little") + b"\x06\x08" + column.to_bytes(4, "little") + bytes(4)
    with zipfile.ZipFile(tmp_path / "a.xlsb", "w") as archive:
        archive.writestr("xl/worksheets/sheet1.bin", sheet + b"\x81")
    assert (too_far(tmp_path / "a.xlsb") is not None) == is_far


@pytest.mark.parametrize(
    ("repeated", "is_far"), [("", False), ('table:number-rows-repeated="1048570"', False), ("", True)]
)
def test_repeated_cells_of_open_documents(tmp_path: Path, repeated: str, is_far: bool) -> None:  # noqa: FBT001 - a pytest parameter
    wide = 'table:number-columns-repeated="999999999"' if is_far else ""
    cell = '<table:table-cell office:value-type="string">'
    (tmp_path / "a.ods").write_bytes(
        packed(
            {
                "content.xml": f"<table:table><table:table-row>{cell}</table:table-row><table:table-row {repeated}>"
                f"<table:table-cell {wide}/></table:table-row><table:table-row><table:table-cell {wide}/>{cell}"
                "</table:table-row></table:table>"
            }
        )
    )
    assert (too_far(tmp_path / "a.ods") is not None) == is_far

"""A file with the name of another is told as what it is, with the way on."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.loading.breaking import BASE, ROUND, bullets, copy, edit, refuse, workbook

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="{}"/></Relationships>'
)


def archive(**parts: str) -> bytes:
    """Return an archive of parts, `_rels/.rels` where it names the main one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return buffer.getvalue()


def main_part(name: str) -> bytes:
    """Return a package that names its main part."""
    return archive(**{"_rels/.rels": RELATIONS.format(name), name: "<x/>"})


KINDS = {
    "protected": (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "is protected by a password. "
                  "Open it with the password, take that away, and save it again."),
    "old": (COMPOUND + "Workbook".encode("utf-16-le"), "is a workbook of the old format .xls, "
            "whatever its name. Open it and save it as .xlsx."),
    "oldest": (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(99), "the old format .xls, whatever"),
    "another compound": (COMPOUND, "is not a workbook, or is damaged."),
    "binary": (main_part("xl/workbook.bin"), "is a workbook of the binary format .xlsb, whatever "
               "its name. Open it and save it as .xlsx."),
    "ods": (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "is a workbook of "
            "the format .ods, whatever its name. Open it and save it as .xlsx."),
    "document": (main_part("word/document.xml"), "is a document, not a workbook."),
    "archive": (archive(notes="x"), "is an archive that holds no workbook. Unpack it"),
    "csv": (b"id,title\nP1,A\n", "is text, such as CSV, with the name of a workbook. Save it as "
            ".xlsx; or name it .csv, a file a table, and let the scenario name the folder."),
    "csv of sixteen bits": ("id,title\n".encode("utf-16"), "is text, such as CSV"),
    "web page": (b"\xef\xbb\xbf\n<html><table>", "is a web page or XML with the name of a work"),
    "empty": (b"", "round.xlsx: the file is empty."),
    "cut": (b"PK\x03\x04" + bytes(99), "is not a workbook, or is damaged."),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0", "is not a workbook, or is damaged."),
}  # fmt: skip


@pytest.mark.parametrize(("data", "fact"), KINDS.values(), ids=KINDS.keys())
def test_what_has_the_name_of_a_workbook(data: bytes, fact: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda _: None).write_bytes(data)
    (told,) = bullets(refuse(root))
    assert fact in told


def test_a_part_with_a_password_of_its_own(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, lambda _: None)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 1)
    path.write_bytes(data)
    (told,) = bullets(refuse(root))
    assert "is protected by a password." in told


@pytest.mark.parametrize("data", [archive(a="x"), COMPOUND])
def test_a_workbook_with_the_name_of_a_csv_file(data: bytes, tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / ROUND / "ratings.csv").write_bytes(data)
    (told,) = bullets(refuse(root))
    assert "ratings.csv: is a workbook, or another archive, with the name of a CSV file." in told
    assert "Save it as CSV; or name it .xlsx" in told


@pytest.mark.parametrize("ending", [".xls", ".xlsb", ".xlsm", ".ods"])
def test_a_round_of_another_format(ending: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / "scenarios" / f"round{ending}").write_bytes(b"x")
    edit(root, BASE, "round: round\n", f"round: round{ending}\n")
    (told,) = bullets(refuse(root))
    assert f"round: 'round{ending}' is a workbook" in told
    assert told.endswith("Open it and save it as .xlsx.")


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_what_an_office_program_writes(ending: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = workbook(root, lambda _: None)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", ending, "--outdir", tmp_path, path],
        check=True,
        capture_output=True,
    )
    path.write_bytes((tmp_path / f"round.{ending}").read_bytes())
    (told,) = bullets(refuse(root))
    assert f"format .{ending}, whatever its name. Open it and save it as .xlsx." in told

"""What a file is that has the name of another: told by its first bytes, with the way on."""

from __future__ import annotations

from collections.abc import Collection

from evaluator.loading.tables.sheets import Fault

ARCHIVE = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_OLD = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_OLDEST = (b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_SAVE = "Open it and save it as .xlsx."
DAMAGED: Fault = ("is not a workbook, or is damaged.", "Save it as .xlsx again.")
PROTECTED: Fault = (
    "is protected by a password.",
    "Open it with the password, take that away, and save it again.",
)
ENDINGS = {
    ".xls": "is a workbook of the old format .xls",
    ".xlsb": "is a workbook of the binary format .xlsb",
    ".xlsm": "is a workbook with macros",
    ".ods": "is a workbook of the format .ods",
    ".numbers": "is a workbook of the format .numbers",
}
"""Of files that a spreadsheet program can save as .xlsx."""


def no_archive(data: bytes) -> Fault:
    """Return what a file is that has the name of a workbook and is no archive, as one would be."""
    if data.startswith(_COMPOUND) and _PROTECTED in data:
        return PROTECTED
    if data.startswith(_OLDEST) or (data.startswith(_COMPOUND) and any(n in data for n in _OLD)):
        return f"{ENDINGS['.xls']}, whatever its name.", _SAVE
    if not data.strip(b"\0"):
        return "the file is empty.", "Fill it, or take it out of the study."
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return "is a web page or XML with the name of a workbook.", _SAVE
    if b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (
            "is text, such as CSV, with the name of a workbook.",
            "Save it as .xlsx; or name it .csv, a file a table, and let the scenario name the "
            "folder.",
        )
    return DAMAGED


def no_workbook(parts: Collection[str], kind: bytes) -> Fault:
    """Return what an archive is that holds no sheets as XML.

    kind: what its part `mimetype` holds, if it has one.
    """
    if b"opendocument.spreadsheet" in kind:
        return f"{ENDINGS['.ods']}, whatever its name.", _SAVE
    if any(part.endswith("workbook.bin") for part in parts):
        return f"{ENDINGS['.xlsb']}, whatever its name.", _SAVE
    if b"opendocument" in kind or any(p.startswith(("word/", "ppt/")) for p in parts):
        return "is a document, not a workbook.", "Check the path."
    return "is an archive that holds no workbook.", "Unpack it, and name what is in it."


def no_text(data: bytes) -> Fault | None:
    """Return what a file is that has the name of a CSV file and is a workbook; None if not."""
    if data.startswith((ARCHIVE, _COMPOUND)):
        remedy = "Save it as CSV; or name it .xlsx, and let the scenario name it as its round."
        return "is a workbook, or another archive, with the name of a CSV file.", remedy
    return None

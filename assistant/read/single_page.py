"""A .mht, a web page in one file as browsers, Word and Excel save it -> its pages of HTML.

Used by `read_bytes`; pictures and styles in it are left alone. A workbook is a page of frames with a page for each sheet.
"""

from __future__ import annotations

import email
import email.policy
import re

_HEADERS = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version|Content-Type):", re.IGNORECASE)


def is_one(head: bytes) -> bool:
    """Whether a file begins as a message does that holds a page."""
    return bool(_HEADERS.match(head)) and re.search(rb"multipart/related|text/html", head, re.IGNORECASE) is not None


def pages(data: bytes) -> list[bytes]:
    """The pages that hold something, in their order; the frames around the sheets of a workbook are none."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    found = []
    for part in message.walk():
        content = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(content, bytes) and b"<frameset" not in content.lower():
            found.append(_in_its_letters(content, part.get_content_charset()))
    with_tables = [page for page in found if b"<table" in page.lower()]
    return with_tables or found


def _in_its_letters(content: bytes, charset: str | None) -> bytes:
    """The page in UTF-8, where the part names an encoding that can be read."""
    try:
        return content.decode(charset).encode() if charset else content
    except (LookupError, UnicodeDecodeError):
        return content

"""The characters of a PDF page whose fonts are not in the file, as many government systems write them.

Used by `pdf.py` for pages where pdfium finds characters without a shape: it leaves such a character out when
it stands alone, so that a cell with one digit would silently be empty. pdfminer goes by the widths that the
file gives and needs no font; it is slow, so it reads only such pages.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from math import atan2, degrees

from assistant.read.ruled import Piece
from assistant.read.symbols import plain


def pieces_without_fonts(data: bytes, number: int) -> Iterator[Piece]:
    """The characters of page `number` (from 1) in PDF coordinates (up, unrotated); `turn` is the angle clockwise."""
    from pdfminer.converter import PDFLayoutAnalyzer
    from pdfminer.layout import LTChar, LTContainer, LTPage
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    # What it cannot make out it says on standard error, in English.
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

    class Collector(PDFLayoutAnalyzer):
        page: LTPage | None = None

        def receive_layout(self, ltpage: LTPage) -> None:
            self.page = ltpage

    def characters(container: LTContainer) -> Iterator[LTChar]:
        for item in container:
            if isinstance(item, LTChar):
                yield item
            elif isinstance(item, LTContainer):
                yield from characters(item)

    page = next(PDFPage.get_pages(io.BytesIO(data), pagenos={number - 1}))
    page.rotate = 0
    resources = PDFResourceManager()
    collector = Collector(resources, laparams=None)
    PDFPageInterpreter(resources, collector).process_page(page)
    left, bottom = page.mediabox[:2]
    for item in characters(collector.page) if collector.page is not None else ():
        text = plain(item.get_text())
        if text and not text.startswith("(cid:"):
            angle = round(degrees(atan2(item.matrix[1], item.matrix[0])) / 90) * 90
            x, y = item.x0 + left, item.y0 + bottom
            yield Piece(text, x, y, x + item.width, y + item.height, turn=-angle % 360)

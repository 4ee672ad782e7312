"""Files built part by part, with things in them that no library writes: odd merges, tracked changes, bare PDFs."""

from __future__ import annotations

import io
import zipfile

WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office"'
)
SHEET = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def word_file(body: str, before: str = "", parts: dict[str, tuple[str, str | bytes]] | None = None) -> bytes:
    """A .docx with `body` as it stands; `before` comes right after the XML declaration.

    `parts` by path under word/: the kind it is referred to as, and its content; the ids are r1, r2, …
    """
    document = f'<?xml version="1.0"?>{before}<w:document {WORD}><w:body>{body}</w:body></w:document>'
    files: dict[str, str | bytes] = {"word/document.xml": document}
    listed = ""
    for n, (path, (kind, content)) in enumerate((parts or {}).items(), 1):
        listed += f'<Relationship Id="r{n}" Type="{KIND}/{kind}" Target="{path}"/>'
        files[f"word/{path}"] = content
    if parts:
        files["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{RELATIONS}">{listed}</Relationships>'
    return packed(files)


def p(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def tc(content: str, properties: str = "") -> str:
    content = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def excel_file(
    rows: str,
    after: str = "",
    styles: str = "",
    strings: str = "",
    before: str = "",
    parts: dict[str, str] | None = None,
) -> bytes:
    """A .xlsx of one sheet 自评表; `rows` is the inside of sheetData, `before` and `after` stand around it.

    `parts` are further files, or others in the place of these.
    """
    return packed(
        {
            "xl/workbook.xml": f'<workbook {SHEET}><sheets><sheet name="自评表" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
            f'<Relationship Id="r1" Type="{KIND}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{KIND}/styles" Target="styles.xml"/>'
            f'<Relationship Id="r3" Type="{KIND}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {SHEET}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>",
            "xl/styles.xml": f"<styleSheet {SHEET}>{styles}</styleSheet>",
            "xl/sharedStrings.xml": f"<sst {SHEET}>{strings}</sst>",
            **(parts or {}),
        }
    )


class Pdf:
    """Pages of ruled lines and Chinese text, without any font file: the usual fonts are only named."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = []

    def page(self) -> Pdf:
        self.pages.append(["0.5 w"])
        return self

    def text(self, x: float, y: float, text: str, size: float = 10) -> Pdf:
        """`x`, `y` from the top left, in points; y is the foot of the letters."""
        code = text.encode("utf-16-be").hex()
        self.pages[-1].append(f"BT /F1 {size} Tf {x} {800 - y} Td <{code}> Tj ET")
        return self

    def cut_text(self, x: float, y: float, text: str, clip: tuple[float, float, float, float]) -> Pdf:
        """Text of which only what lies in `clip` is seen."""
        x0, y0, x1, y1 = clip
        self.pages[-1].append(f"q {x0} {800 - y1} {x1 - x0} {y1 - y0} re W n")
        self.text(x, y, text).pages[-1].append("Q")
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Pdf:
        self.pages[-1].append(f"{x0} {800 - y0} m {x1} {800 - y1} l S")
        return self

    def bar(self, x0: float, y0: float, x1: float, y1: float) -> Pdf:
        """A filled rectangle, as some programs draw their rules."""
        self.pages[-1].append(f"{x0} {800 - y1} {x1 - x0} {y1 - y0} re f")
        return self

    def grid(self, xs: list[float], ys: list[float]) -> Pdf:
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        return self

    def bytes(self, rotate: int = 0) -> bytes:
        count = len(self.pages)
        kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(count))
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
            """<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R
            /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>""",
            """<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -120 1000 880]
            /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>""",
        ]
        for n, content in enumerate(self.pages):
            stream = "\n".join(content)
            objects.append(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {rotate}"
                f" /Resources << /Font << /F1 3 0 R >> >> /Contents {7 + 2 * n} 0 R >>"
            )
            objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        out = b"%PDF-1.4\n"
        offsets = []
        for number, content in enumerate(objects, 1):
            offsets.append(len(out))
            out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
        table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
        end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        end += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
        return out + end.encode("latin-1")


class Ofd:
    """Pages of GB/T 33190 with ruled lines and text, in millimetres from the top left."""

    NAMES = 'xmlns:ofd="http://www.ofdspec.org/2016"'

    def __init__(self) -> None:
        self.pages: list[list[str]] = []
        self.resources = ""
        self.files: dict[str, str | bytes] = {}

    def page(self) -> Ofd:
        self.pages.append([])
        return self

    def add(self, xml: str) -> Ofd:
        self.pages[-1].append(xml)
        return self

    def text(self, x: float, y: float, text: str, size: float = 4, more: str = "", inside: str = "") -> Ofd:
        """One line; `y` is its foot. Steps from letter to letter are given as most programs write them."""
        steps = f'DeltaX="g {len(text) - 1} {size}"' if len(text) > 1 else ""
        return self.add(
            f'<ofd:TextObject ID="1" Boundary="{x} {y - size} {size * len(text)} {size}" Font="1" Size="{size}" {more}>'
            f'{inside}<ofd:TextCode X="0" Y="{size * 0.86}" {steps}>{text}</ofd:TextCode></ofd:TextObject>'
        )

    def upright(self, x: float, y: float, text: str, size: float = 4) -> Ofd:
        """Letters one below the other, in one object."""
        return self.add(
            f'<ofd:TextObject ID="1" Boundary="{x} {y} {size} {size * len(text)}" Font="1" Size="{size}">'
            f'<ofd:TextCode X="0" Y="{size * 0.86}" DeltaX="g {len(text) - 1} 0" DeltaY="g {len(text) - 1} {size}">'
            f"{text}</ofd:TextCode></ofd:TextObject>"
        )

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Ofd:
        return self.add(
            f'<ofd:PathObject ID="1" Boundary="{x0} {y0} {x1 - x0} {y1 - y0}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def grid(self, xs: list[float], ys: list[float]) -> Ofd:
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        return self

    def bytes(self) -> bytes:
        parts: dict[str, str | bytes] = {
            "OFD.xml": f"<ofd:OFD {self.NAMES}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Res.xml": f'<ofd:Res {self.NAMES} BaseLoc="Res">{self.resources}</ofd:Res>',
        }
        listed = ""
        for n, content in enumerate(self.pages):
            listed += f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>'
            parts[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
                f"<ofd:Page {self.NAMES}><ofd:Content><ofd:Layer>{''.join(content)}</ofd:Layer></ofd:Content></ofd:Page>"
            )
        parts["Doc_0/Document.xml"] = (
            f"<ofd:Document {self.NAMES}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:PageArea><ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        )
        return packed(parts | self.files)


def grid_of(table) -> list[list[str]]:
    """The text in every square of a table; a spanning cell stands in each of its own."""
    return [["" if cell is None else cell.text for cell in row] for row in table.grid()]

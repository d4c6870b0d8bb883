"""A paper made by the portal, read back as a reader's programs see it."""

from __future__ import annotations

import io
import re
from typing import Any

from pypdf import PdfReader


class Paper:
    """What a PDF says of itself, and its text without the line breaks of its layout."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(content), strict=True)
        self.root: Any = self.reader.trailer["/Root"]
        text = "".join(page.extract_text() for page in self.reader.pages)
        self.text = re.sub(r"\s+", "", text)

    @property
    def title(self) -> str | None:
        """The title a reader shows in place of the file's name."""
        return self.reader.metadata.title if self.reader.metadata else None

    @property
    def language(self) -> str:
        """The language it is read aloud in."""
        return str(self.root["/Lang"])

    @property
    def is_tagged(self) -> bool:
        """Whether programs that read aloud are told what is a heading, a table, a cell."""
        return bool(self.root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in self.root

    def tags(self) -> set[str]:
        """Every kind of structure that occurs in it."""
        found: set[str] = set()
        waiting = [self.root["/StructTreeRoot"]]
        while waiting:
            node = waiting.pop().get_object()
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                found.add(str(node.get("/S", ""))[1:])
                if "/K" in node:
                    waiting.append(node["/K"])
        return found

    def fonts(self) -> dict[str, bool]:
        """Each font by name, and whether it is embedded."""
        found = {}
        for page in self.reader.pages:
            for font in page["/Resources"]["/Font"].values():
                for part in font.get_object().get("/DescendantFonts", [font]):
                    described = part.get_object()["/FontDescriptor"].get_object()
                    name = str(described["/FontName"]).rpartition("+")[2]
                    found[name] = bool({"/FontFile", "/FontFile2", "/FontFile3"} & set(described))
        return found

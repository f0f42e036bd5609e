"""A small XML tree with lines, read by expat with every dangerous feature refused.

A document type is refused outright, and with it every entity: nothing can expand, nothing is fetched. That is one
handler on the parser of the standard library, so no package is needed for it.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from lms.kernel import errors

DEEPEST = 40
MOST_NODES = 200_000


@dataclass
class Node:
    """One element."""

    tag: str
    values: dict[str, str]
    line: int
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, tag: str) -> list["Node"]:
        """The children of a name."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> "Node | None":
        """The first child of a name, if any."""
        return next((child for child in self.children if child.tag == tag), None)

    def said(self, tag: str) -> str:
        """The text of a child, or of the `<text>` in it; empty without one."""
        child = self.first(tag)
        if child is None:
            return ""
        inner = child.first("text")
        return (inner.text if inner is not None else child.text).strip()


def parse(text: str) -> Node:
    """Return the root. Raises Refused with `xml_doctype`, `xml_broken` (line) or `xml_too_deep` (line)."""
    root = Node("", {}, 0)
    open_nodes, pieces, count = [root], [[""]], 0
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(open_nodes) > DEEPEST or count > MOST_NODES:
            raise errors.Refused("xml_too_deep", field="file", line=parser.CurrentLineNumber)
        node = Node(tag, values, parser.CurrentLineNumber)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)
        pieces.append([])

    def end(_tag: str) -> None:
        open_nodes.pop().text = "".join(pieces.pop())

    def refuse(*_: object) -> None:
        raise errors.Refused("xml_doctype", field="file")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: pieces[-1].append(data)
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        raise errors.Refused("xml_broken", field="file", line=error.lineno) from error
    return root.children[0]

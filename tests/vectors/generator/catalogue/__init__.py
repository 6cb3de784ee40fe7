"""The providers whose vectors are derived from a table: one `Entry` each, in the modules `first*` and `second*`."""

import importlib
import pkgutil

from generator.case import document
from generator.catalogue import derive, signing
from generator.catalogue.frame import Entry
from generator.output import Document


def documents() -> list[Document]:
    """Returns the files of all rows, for verifiers and for signers."""
    made = []
    for entry in entries():
        made.append(document(entry.provider, derive.cases(entry)))
        if cases := signing.cases(entry):
            made.append(Document(f"sign/{entry.provider}.json", {"kind": "sign", "cases": cases}))
    return made


def entries() -> list[Entry]:
    """Lists the rows of all modules."""
    rows: list[Entry] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if module.name.startswith(("first", "second")):
            rows += importlib.import_module(f"{__name__}.{module.name}").ENTRIES
    return rows

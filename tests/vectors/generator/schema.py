"""Validates the documents against the schema where a validator is installed."""

import importlib
import importlib.util
import json
from pathlib import Path

from generator.output import Document


def check(documents: list[Document], path: Path) -> None:
    """Raises on the first document that breaks the schema; does nothing without the `jsonschema` package.

    The package is optional here because the test suites of the languages validate the files as well.
    """
    if importlib.util.find_spec("jsonschema") is None:
        return
    # Imported by name, so that a type checker does not ask for stubs of a package that need not be there.
    jsonschema = importlib.import_module("jsonschema")
    schema = json.loads(path.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for document in documents:
        # Through text and back, because the schema is about what a reader sees.
        error = jsonschema.exceptions.best_match(
            validator.iter_errors(json.loads(json.dumps(document.content)))
        )
        if error is not None:
            raise SystemExit(f"{document.path}: {error.json_path}: {error.message}")

"""Writes the bills of materials of what is published, as CycloneDX 1.6: `make sbom`.

Not `cargo cyclonedx`: it names the folder that it ran in, and knows of crates, not of wheels and npm
packages. What it would read, Cargo's graph and lock file, is read here, and the library is its makers' own.
"""

import sys
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from graph import SHIPPED, Crate, crates, published
from packageurl import PackageURL

# Under which name each part is published, and where.
PUBLISHED = {"crate": "cargo", "wheel": "pypi", "npm": "npm"}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for part, crate in SHIPPED.items():
        path = folder / f"hookproof-{part}.cdx.json"
        path.write_text(JsonV1Dot6(bill(part, crate)).output_as_string(indent=2) + "\n", encoding="utf-8")
        print(f"{path}: {len(crates(crate))} crates")


def bill(part: str, crate: str) -> Bom:
    root = _component(PUBLISHED[part], "hookproof", published()[0], "MIT OR Apache-2.0")
    components = {
        found: _component("cargo", found.name, found.version, found.licence) for found in crates(crate)
    }
    for found, component in components.items():
        _add_hash(found, component)
    bom = Bom(components=components.values())
    bom.metadata.component = root
    bom.metadata.properties.add(Property(name="hookproof:part", value=part))
    bom.register_dependency(root, components.values())
    return bom


def _component(registry: str, name: str, number: str, licence: str) -> Component:
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=number,
        bom_ref=f"{registry}:{name}@{number}",
        purl=PackageURL(registry, None, name, number),
        # Old manifests write "/" for a choice.
        licenses=[LicenseFactory().make_from_string(licence.replace(" / ", "/").replace("/", " OR "))],
    )


def _add_hash(crate: Crate, component: Component) -> None:
    if crate.checksum:
        component.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=crate.checksum))


if __name__ == "__main__":
    main()

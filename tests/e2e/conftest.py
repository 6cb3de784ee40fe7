"""Shared by the end-to-end tests: the packages, built once."""

import pytest
from throwaway import Packages, built_packages


@pytest.fixture(scope="session")
def packages() -> Packages:
    return built_packages()

"""What all tests share: a Django that is set up, and property tests that leave nothing behind."""

from pathlib import Path
from typing import Any

import django
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.configuration import set_hypothesis_home_dir

settings.configure(
    ALLOWED_HOSTS=["testserver", "127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "hookproof.django"],
    LOGGING_CONFIG=None,
    MIDDLEWARE=[
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    ROOT_URLCONF="django_urls",
    SECRET_KEY="a key for tests",
    USE_TZ=True,
)
django.setup()

set_hypothesis_home_dir(Path(__file__).resolve().parents[2] / "target" / "hypothesis")
# The same examples on every run, so that a red build is red for whoever repeats it. `make robustness` draws
# others: `pytest --hypothesis-profile=explore --hypothesis-seed=…`.
unhurried: Any = {"database": None, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("hookproof", derandomize=True, **unhurried)
hypothesis_settings.register_profile("explore", max_examples=300, print_blob=True, **unhurried)
hypothesis_settings.load_profile("hookproof")

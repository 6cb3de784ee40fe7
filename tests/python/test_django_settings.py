"""The setting `HOOKPROOF`, its checks, and the application."""

from typing import Any

import pytest
from authentic import SECRET, delivery
from django.apps import apps
from django.core.checks import registry
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from hookproof import ConfigurationError, MemoryStore
from hookproof.django import webhook
from hookproof.django._settings import awaited
from hookproof.django.checks import check_setting


class CountingStore(MemoryStore):
    """A store that tells how many of it there are."""

    made = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).made += 1


outcomes: list[str] = []


def told(outcome: str, *_: object) -> None:
    """Is named by its import path."""
    outcomes.append(outcome)


HERE = __name__


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    CountingStore.made = 0
    outcomes.clear()
    before = dict(awaited)
    awaited.clear()
    yield
    awaited.clear()
    awaited.update(before)


def view(_request: HttpRequest, event: Any) -> None:
    """Takes an event."""
    assert event.id


def post(receive: Any) -> int:
    body, headers = delivery("settings")
    request = RequestFactory().generic("POST", "/", body, headers=headers)
    status: int = receive(request).status_code
    return status


@override_settings(
    HOOKPROOF={
        "default": {"store": f"{HERE}.CountingStore", "on_outcome": f"{HERE}.told"},
        "fourvenues": {"secret": SECRET},
    }
)
def test_an_endpoint_takes_its_options_from_the_setting() -> None:
    receivers = [webhook("fourvenues")(view), webhook("fourvenues", secret=SECRET)(view)]
    assert [post(receivers[0]), post(receivers[0]), post(receivers[1])] == [200, 200, 200]
    # One store of its import path, for all endpoints.
    assert (outcomes, CountingStore.made) == (["accepted", "duplicate", "duplicate"], 1)


@override_settings(HOOKPROOF={"default": {"max_body": 10}, "fourvenues": {"secret": SECRET}})
def test_what_the_code_says_goes_before_the_setting() -> None:
    assert post(webhook("fourvenues")(view)) == 413
    assert post(webhook("fourvenues", max_body=1000)(view)) == 200


def test_a_changed_setting_is_seen() -> None:
    with override_settings(HOOKPROOF={"fourvenues": {"secret": "another"}}):
        receive = webhook("fourvenues")(view)
        assert post(receive) == 403
    with override_settings(HOOKPROOF={"fourvenues": {"secret": SECRET}}):
        assert post(receive) == 200


def test_without_the_setting_a_missing_secret_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        webhook("fourvenues")
    assert caught.value.code == "invalid_secret"


@pytest.mark.parametrize(
    ("setting", "identifier", "words"),
    [
        ([], "E001", ["HOOKPROOF", "list"]),
        ({"fourvenues": {}}, "E003", ["fourvenues", "secret"]),
        ({"fourvenues": {"secret": ""}}, "E003", ["fourvenues", "secret", "empty"]),
        ({"fourvenues": None}, "E003", ["fourvenues"]),
        ({"four-venues": {"secret": "a"}}, "E003", ["four-venues"]),
        ({"fourvenues": {"secret": "a", "secrets": "b"}}, "E003", ["secrets"]),
        ({"fourvenues": {"secret": "a", "lease": "long"}}, "E003", ["lease"]),
        ({"default": {"store": "no.such.Store"}, "fourvenues": {"secret": "a"}}, "E003", ["no.such.Store"]),
        ({"default": 5, "fourvenues": {"secret": "a"}}, "E003", ["default"]),
    ],
)
def test_a_check_names_what_is_wrong(setting: Any, identifier: str, words: list[str]) -> None:
    with override_settings(HOOKPROOF=setting):
        messages = check_setting()
    assert [message.id for message in messages] == [f"hookproof.{identifier}"]
    assert [word for word in words if word not in messages[0].msg] == []


@override_settings(HOOKPROOF={"github": {"secret": "a"}})
def test_a_check_names_a_view_without_an_entry_and_the_view_fails_closed() -> None:
    receive = webhook("fourvenues")(view)
    assert [(message.id, "fourvenues" in message.msg) for message in check_setting()] == [
        ("hookproof.E002", True)
    ]
    with pytest.raises(ConfigurationError, match="fourvenues"):
        post(receive)


def test_a_check_never_shows_a_secret() -> None:
    with override_settings(HOOKPROOF={"eventsair": {"secret": "whpk_confidential"}}):
        messages = check_setting()
    assert len(messages) == 1
    assert "confidential" not in str(messages[0])


def test_the_application_registers_its_checks() -> None:
    assert apps.get_app_config("hookproof").name == "hookproof.django"
    assert [check for check in registry.registry.get_checks() if check.__module__ == check_setting.__module__]

"""The providers that send a token and sign nothing."""

from generator.catalogue.frame import Entry

ENTRIES = [
    Entry(
        provider="gitlab-token",
        header="X-Gitlab-Token",
        algorithm="token",
        algorithm_name="token",
        encoding="token",
        sign=lambda secret, _: secret.encode(),
        body=b'{"object_kind":"push","ref":"refs/heads/main"}',
        covers="",
        bodies="json",
        id="f5e5f430-f57b-4e6e-9fac-d9128cd7232f",
        id_header="Idempotency-Key",
        type="Push Hook",
        type_header="X-Gitlab-Event",
        header_attributes={"instance": ("X-Gitlab-Instance", "https://gitlab.example.com")},
    ),
    Entry(
        provider="telegram",
        header="X-Telegram-Bot-Api-Secret-Token",
        algorithm="token",
        algorithm_name="token",
        encoding="token",
        sign=lambda secret, _: secret.encode(),
        secret="hookproof_Test-Token_1",
        body=b'{"update_id":10000,"message":{"message_id":1365,"text":"/start"}}',
        covers="",
        id="10000",
    ),
]

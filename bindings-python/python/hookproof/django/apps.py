"""The Django application, for `INSTALLED_APPS`."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from hookproof.django.checks import check_setting


class HookproofConfig(AppConfig):
    """Registers hookproof with Django: `INSTALLED_APPS = [..., "hookproof.django"]`.

    Receiving needs no application; its checks and its store of deliveries do.
    """

    name = "hookproof.django"
    label = "hookproof"
    verbose_name = "hookproof"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the checks."""
        register(check_setting, Tags.urls)

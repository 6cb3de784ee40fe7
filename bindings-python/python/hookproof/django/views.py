"""The class-based view, and what it shares with that of REST framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.decorators import classonlymethod
from django.views.generic import View

from hookproof.django._webhook import webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from hookproof._choice import Choice
    from hookproof._native import Provider
    from hookproof.types import WebhookOptions
    from hookproof.verifier import Verifier


class Receiving:
    """Views whose requests `webhook` receives first, with the `provider` and the options of the class."""

    provider: ClassVar[str | Provider | Verifier | Choice]
    webhook_options: ClassVar[WebhookOptions] = {}

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # noqa: N805, as Django's own
        """Returns the view for a URLconf."""
        view: Any = super()
        return webhook(cls.provider, **cls.webhook_options)(view.as_view(**initkwargs))


class WebhookView(Receiving, View):
    """Receives one provider's webhooks in a method `post(self, request, event, *args, **kwargs)`.

    The class names the `provider` and its `webhook_options`, which are those of `webhook`; what it does not
    give comes from the setting `HOOKPROOF`. The method may be synchronous or asynchronous,
    and everything else is as `webhook` does it.

    >>> from hookproof.django import WebhookView
    >>> class Tickets(WebhookView):
    ...     provider = "fourvenues"
    ...     webhook_options = {"secret": "s3cr3t"}
    ...
    ...     def post(self, request, event):
    ...         print(event.type, event.id)
    >>> view = Tickets.as_view()
    """

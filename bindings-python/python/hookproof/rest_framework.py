"""Receives webhooks in Django REST framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.views import APIView

from hookproof.django.views import Receiving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typing_extensions import Unpack

    from hookproof._choice import Choice
    from hookproof._native import Provider
    from hookproof.types import WebhookOptions
    from hookproof.verifier import Verifier

__all__ = ["WebhookAPIView", "webhook"]


class WebhookAPIView(Receiving, APIView):  # type: ignore[misc]  # its own `as_view` says less of what it returns
    """Receives one provider's webhooks in a method `post(self, request, event, *args, **kwargs)`.

    It is `hookproof.django.webhook` in front of REST framework: the raw body is verified before a parser or a
    throttle sees the request. The signature authenticates the sender, so the authentication and permission
    classes of the settings do not apply. The method may return None; a `Response` is rendered as usual, and
    with a status of 400 and above, or after an `APIException`, the delivery counts as not handled.

    The class names the `provider` and its `webhook_options`, which are those of `webhook`; what it does not
    give comes from the setting `HOOKPROOF`.

    >>> from hookproof.rest_framework import WebhookAPIView
    >>> class Tickets(WebhookAPIView):
    ...     provider = "fourvenues"
    ...     webhook_options = {"secret": "s3cr3t"}
    ...
    ...     def post(self, request, event):
    ...         print(event.type, event.id)
    >>> view = Tickets.as_view()
    """

    authentication_classes: Sequence[Any] = ()
    permission_classes: Sequence[Any] = ()

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Leaves the answer to the provider where the method returned None."""
        return None if response is None else super().finalize_response(request, response, *args, **kwargs)


def webhook(
    provider: str | Provider | Verifier | Choice, /, **options: Unpack[WebhookOptions]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a function a `WebhookAPIView`: `def view(request, event, *args, **kwargs)`.

    >>> from hookproof.rest_framework import webhook
    >>> @webhook("fourvenues", secret="s3cr3t")
    ... def tickets(request, event):
    ...     print(event.type, event.id)
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def post(_view: APIView, *args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

        members = {
            "provider": provider,
            "webhook_options": options,
            "post": post,
            "__doc__": function.__doc__,
        }
        kind: Any = type(function.__name__, (WebhookAPIView,), {**members, "__module__": function.__module__})
        view: Callable[..., Any] = kind.as_view()
        return view

    return decorate

"""Receives webhooks in Django."""

from hookproof.django._webhook import webhook
from hookproof.django.views import WebhookView

__all__ = ["WebhookView", "webhook"]

"""The table of deliveries, which the other stores on SQL share."""

from __future__ import annotations

from django.db import models


class Delivery(models.Model):
    """A delivery that is being handled, or was: `DjangoStore` writes it, by statements of its own."""

    delivery: models.CharField[str, str] = models.CharField(max_length=64, primary_key=True)
    """The SHA-256 of the idempotency key in hex."""

    owner: models.CharField[str | None, str | None] = models.CharField(max_length=64, null=True)
    """Who holds the claim; none for a delivery that is done."""

    ends_at: models.BigIntegerField[int, int] = models.BigIntegerField()
    """When the lease or the retention ends, in milliseconds of the unix clock of the server."""

    class Meta:
        """Named as the stores outside of Django name it."""

        db_table = "hookproof_deliveries"
        indexes = (models.Index(fields=["ends_at"], name="hookproof_deliveries_ends_at"),)
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        """Returns the hash."""
        return self.delivery

"""The test kit: requests as providers send them, keys for tests, and a clock that stands still.

>>> from hookproof import Receiver, Verifier
>>> from hookproof.testing import signed_request
>>> receiver = Receiver(Verifier("fourvenues", secret="s3cr3t"))
>>> request = signed_request("fourvenues", secret="s3cr3t", event="payment.success")
>>> receiver.receive(request.body, request.headers, lambda event: None).status
200
>>> request = request.tampered()
>>> receiver.receive(request.body, request.headers, lambda event: None).status
403
"""

from hookproof.testing._clock import FrozenClock, freeze_clock
from hookproof.testing._keys import IssuerKeys, generate_keys
from hookproof.testing._request import SignedRequest, signed_request

__all__ = ["FrozenClock", "IssuerKeys", "SignedRequest", "freeze_clock", "generate_keys", "signed_request"]

"""Keyset cursors: the id after which the next page begins, in a form that invites nobody to calculate with it."""

import base64
import binascii

MAX_ID = 2**63 - 1
# What `encode` makes, for those who read the API's description.
PATTERN = "^(?!A{11}$)[A-Za-f][A-Za-z0-9_-]{9}[AEIMQUYcgkosw048]$"


def encode(last_id: int) -> str:
    return base64.urlsafe_b64encode(last_id.to_bytes(8, "big")).decode().rstrip("=")


def decode(cursor: str) -> int:
    """Return the id, or raise ValueError for anything that `encode` did not make."""
    try:
        raw = base64.b64decode(cursor + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("is not a cursor of ours") from error
    last_id = int.from_bytes(raw, "big")
    if not 0 < last_id <= MAX_ID or encode(last_id) != cursor:
        raise ValueError("is not a cursor of ours")
    return last_id

"""AUTH as clients expect it (RFC 4954): whatever they say is taken, and nothing of it is kept."""

import base64
import binascii

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2")
ACCEPTED = "235 2.7.0 Authentication successful"
_CANCELLED = "501 5.7.0 Authentication cancelled"
_UNREADABLE = "501 5.5.2 Cannot decode the response"
# RFC 2195, section 2: a challenge in the form of a Message-ID. LOGIN has no standard; everybody asks in these words.
_CHALLENGES = {
    "PLAIN": ("",),
    "LOGIN": ("Username:", "Password:"),
    "CRAM-MD5": ("<1.1@localhost>",),
    "XOAUTH2": ("",),
}


class Dialogue:
    """One exchange of AUTH: `reply` to each line until `is_done`; `is_accepted` when the client went through with it."""

    def __init__(self, mechanism: str) -> None:
        self.mechanism = mechanism
        self.is_done = False
        self.is_accepted = False
        self._left = list(_CHALLENGES[mechanism])

    def begin(self, initial: str | None) -> str:
        """Answer the AUTH command with its initial response, if any."""
        if initial is not None and self.mechanism != "CRAM-MD5":
            self._left = self._left[1:]
            return self.reply("" if initial == "=" else initial)
        return self._next()

    def reply(self, line: str) -> str:
        """Answer one line of the client."""
        if line == "*":
            self.is_done = True
            return _CANCELLED
        try:
            base64.b64decode(line, validate=True)
        except (binascii.Error, ValueError):
            self.is_done = True
            return _UNREADABLE
        return self._next()

    def _next(self) -> str:
        if not self._left:
            self.is_done = self.is_accepted = True
            return ACCEPTED
        challenge = self._left.pop(0)
        return "334 " + base64.b64encode(challenge.encode("ascii")).decode("ascii")

"""What the program tells the learner: a notice that goes by itself, and a banner that stays until dismissed."""

from lstmviz.files import BadInput
from lstmviz.words import tr

NOTICE_SECONDS = 4.0


class Messages:
    """One notice and one banner line, each the newest of its kind."""

    def __init__(self) -> None:
        self.notice = ""
        self.banner = ""
        self._left = 0.0
        self._errors = 0

    def notify(self, text: str) -> None:
        """Show one line for a few seconds."""
        self.notice, self._left = text, NOTICE_SECONDS

    def report(self, text: str) -> None:
        """Show an error until it is dismissed; further ones are counted."""
        self._errors += 1
        self.banner = text if self._errors == 1 else tr("{text} ({n} in all)").format(text=text, n=self._errors)

    def dismiss(self) -> None:
        """Put the banner away."""
        self.banner, self._errors = "", 0

    def tick(self, dt: float) -> None:
        """Let the notice go when its time is over."""
        self._left -= dt
        if self._left <= 0:
            self.notice = ""


class MessageVerbs:
    """What windows and desks may say to the learner; ``Stage`` inherits it."""

    messages: Messages

    def notify(self, text: str) -> None:
        """Show one line for a few seconds."""
        self.messages.notify(text)

    def report(self, text: str) -> None:
        """Show an error in the banner until it is dismissed; further ones are counted."""
        self.messages.report(text)

    def dismiss(self) -> None:
        """Put the banner away."""
        self.messages.dismiss()


def what_happened(kind: str, error: BaseException) -> str:
    """One line about work in a thread that failed."""
    if isinstance(error, BadInput):
        return str(error)
    what = tr("{kind}: {error}; the picture before is kept (see the log)")
    return what.format(kind=kind, error=type(error).__name__)

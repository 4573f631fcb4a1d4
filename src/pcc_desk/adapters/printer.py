"""The shop's printer: a command that takes text on its standard input. Nothing is written to a file on the way."""

import asyncio
from collections.abc import Sequence

from pcc_desk.domain.answers import Silence, Unanswered

WITHIN_S = 20.0


class CommandPrinter:
    """Prints by running a command such as `lp`, without a shell."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)

    async def print(self, text: str) -> Unanswered | None:
        """Hand a text to the command; return why it did not take it."""
        name = self._command[0]
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            return Unanswered(Silence.DOWN, f"{name} cannot be run ({error.strerror})")
        try:
            await asyncio.wait_for(process.communicate((text + "\n").encode()), WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
            return Unanswered(Silence.TIMED_OUT, f"{name} took longer than {WITHIN_S:g} s; look whether it printed")
        if process.returncode != 0:
            return Unanswered(Silence.DOWN, f"{name} ended with status {process.returncode}")
        return None

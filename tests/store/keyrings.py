"""Stand-ins for the keyring of a computer: one that keeps what it is given, and what else may be in its place."""

import threading


class SystemKeyring:
    """Keeps what it is given, as a keyring does whose class is known to encipher."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


SystemKeyring.__module__, SystemKeyring.__qualname__ = "keyring.backends.SecretService", "Keyring"


class Forgetful(SystemKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        """Take a secret and keep nothing."""


Forgetful.__module__, Forgetful.__qualname__ = "keyring.backends.SecretService", "Keyring"


class PlaintextKeyring(SystemKeyring):
    """What another tool may have installed: it keeps base64 text in a file."""


PlaintextKeyring.__module__ = "keyrings.alt.file"


class Chain(SystemKeyring):
    def __init__(self, *backends: object) -> None:
        super().__init__()
        self.backends = backends


Chain.__module__, Chain.__qualname__ = "keyring.backends.chainer", "ChainerBackend"


class Failing(SystemKeyring):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.error = type(name, (Exception,), {})

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error


Failing.__module__, Failing.__qualname__ = "keyring.backends.SecretService", "Keyring"


class Hanging(SystemKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait(60)
        return None


Hanging.__module__, Hanging.__qualname__ = "keyring.backends.SecretService", "Keyring"

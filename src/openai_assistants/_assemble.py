"""placeholder until the branch handlers lands"""

from typing import Any, Iterator


class Assembly:
    def __init__(self) -> None:
        self.run: Any = None
        self.steps: dict[str, Any] = {}
        self.messages: dict[str, Any] = {}

    def feed(self, event: Any) -> Iterator[Any]:
        return iter(())

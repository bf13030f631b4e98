"""What a record has to be like: every field there, each of the type that it is declared with."""

import re
from typing import Any, get_type_hints

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def whole(record: Any) -> bool:
    """AssertionError says which field is not."""
    for name, kind in get_type_hints(type(record)).items():
        value = getattr(record, name)
        assert isinstance(value, kind), f"{name} of {record}"
        assert not name.endswith("_at") or RFC_3339.fullmatch(value), f"{name} of {record}"
    return True


def untested(client: type, tests: dict[str, Any]) -> set[str]:
    """The verbs of a client for which there is no `test_<verb>`."""
    verbs = {name for name in vars(client) if not name.startswith("_")}
    return verbs - {name.removeprefix("test_") for name in tests}

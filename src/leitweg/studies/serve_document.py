"""The JSON document of a server that starts: from what it answers, and where."""

from leitweg.studies.json_forms import Json
from leitweg.studies.serving import Served


def served_document(served: Served, url: str | None) -> Json:
    """Return what a server answers from; ``url`` None where it was only checked."""
    return {
        "url": url,
        "learnt": dict(served.learnt),
        "keys": served.n_keys,
        "purpose_is_on": served.purpose_is_on,
    }

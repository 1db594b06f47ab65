"""One family of errors: a sentence for a person, a code and fields for a machine."""

import copyreg


class LeitwegError(Exception):
    """A domain error: what, where, what to do, in one sentence.

    Parameters
    ----------
    detail
        The sentence. It names the place (file, row, column, table) and the way out.
    code
        Stable, lower case with hyphens, such as ``"missing-column"``.
    fields
        The same facts for a program, for example ``{"path": "a.csv", "columns": ["person"]}``.
    """

    title = "Leitweg cannot do this"

    def __init__(self, detail: str, *, code: str, **fields: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.fields = fields

    def __reduce__(self) -> tuple[object, ...]:
        """Go from one process to another whole."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class SourceError(LeitwegError):
    """A file that cannot be read or mapped."""

    title = "The source cannot be read"


class WorkspaceError(LeitwegError):
    """A workspace that is missing, locked, damaged or of another profile."""

    title = "The workspace cannot be used"


class KeyFileError(WorkspaceError):
    """The key of a protected workspace is missing, readable by others, or malformed."""

    title = "The key of the workspace cannot be used"


class QuestionError(LeitwegError):
    """A question that the data at hand cannot answer at all."""

    title = "The question cannot be answered"


class AccessError(LeitwegError):
    """A question that the role may not ask, or whose purpose is switched off."""

    title = "The question is not allowed"


class AuthenticationError(LeitwegError):
    """A request over HTTP without a key, or with one that holds no more."""

    title = "The key is not accepted"

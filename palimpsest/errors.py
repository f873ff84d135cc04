"""Every error that Palimpsest raises on purpose.

PalimpsestError                    1  500   something of ours went wrong
├── InputRefused                   2  422   what was given cannot be used
│   ├── ImageRefused                        the bytes are not an image we can open
│   │   └── ImageTooLarge                   … or would not fit into memory
│   ├── ParameterRefused                    a value is out of range or of the wrong kind
│   ├── RoleRefused                         a role has no work, too many, or one that does not fit
│   ├── UsageRefused                        the command or the call is put together wrongly
│   ├── AmbiguousPrefix                     an abbreviated id that fits several works
│   ├── FileRefused                         the file system says no: permission, a folder, a full disk
│   ├── IdentityRefused                     a certificate or a key cannot sign
│   └── Locked                              the studio is encrypted, and the passphrase is missing or wrong
├── TermsRefused                   3  403   a maker's terms do not permit the use
├── HeldBack                       3  403   an export shows more of somebody else's work than its maker lets through
├── NotFound                       4  404   nothing of that name or id is here
│   └── Erased                              it was here and was erased at somebody's wish
├── Damaged                        5  500   a studio or one of its files is not what its digest says
└── Cancelled                    130  499   the person stopped it

An error says what was expected, what came, and what to do about it. The command line prints the two lines of `str(error)`
and leaves with `exit_status`; the web studio answers with `http_status`.
"""

from __future__ import annotations

from typing import ClassVar


class PalimpsestError(Exception):
    """Something of ours went wrong.

    `problem` says what was expected and what came, `remedy` what the person can do.
    """

    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.args, self.__dict__)  # so that one can come from another process whole

    def __str__(self) -> str:
        return f"{self.problem}\n{self.remedy}" if self.remedy else self.problem


class InputRefused(PalimpsestError):
    """What was given cannot be used."""

    exit_status = 2
    http_status = 422


class ImageRefused(InputRefused):
    """The bytes are not an image that Palimpsest opens; `reason` says why."""

    def __init__(self, name: str, reason: str, remedy: str = "") -> None:
        super().__init__(
            f"{name}: expected a readable PNG, JPEG, WebP, TIFF, GIF, BMP or AVIF image, but {reason}.",
            remedy or "Open it in another program and save it again, or choose another file.",
        )
        self.name = name
        self.reason = reason


class ImageTooLarge(ImageRefused):
    """The image declares more pixels than the limit; nothing was decoded."""

    http_status = 413

    def __init__(self, name: str, width: int, height: int, limit: int) -> None:
        super().__init__(
            name,
            f"it declares {width}×{height} pixels and the limit is {limit / 1e6:.6g} megapixels",
            "Make it smaller, or raise the limit: PALIMPSEST_PIXEL_LIMIT=<pixels>.",
        )
        self.width = width
        self.height = height
        self.limit = limit


class ParameterRefused(InputRefused):
    """A parameter's value is out of range or of the wrong kind; it is never clamped."""

    def __init__(self, name: str, expected: str, got: object, remedy: str = "") -> None:
        super().__init__(f"{name}: expected {expected}, but got {_shown(got)}.", remedy)
        self.name = name
        self.expected = expected
        self.got = got


class RoleRefused(InputRefused):
    """A role has no work, too many, or one that does not fit."""

    def __init__(self, role: str, expected: str, got: str, remedy: str = "") -> None:
        super().__init__(f"{role}: expected {expected}, but got {got}.", remedy)
        self.role = role
        self.expected = expected
        self.got = got


class UsageRefused(InputRefused):
    """The command or the call is put together wrongly."""


class AmbiguousPrefix(InputRefused):
    """An abbreviated id fits several works; `matches` lists some of them."""

    def __init__(self, prefix: str, matches: tuple[str, ...]) -> None:
        super().__init__(
            f"{prefix}: expected the beginning of one work's id, but {len(matches)} or more works begin so.",
            f"Type more of it: {', '.join(match[:16] for match in matches[:4])} …",
        )
        self.prefix = prefix
        self.matches = matches


class FileRefused(InputRefused):
    """The file system refused: no permission, a folder in place of a file, a full disk."""

    def __init__(self, path: str, problem: str, remedy: str = "") -> None:
        super().__init__(f"{path}: {problem}.", remedy)
        self.path = path


class IdentityRefused(InputRefused):
    """A certificate or a private key cannot sign: expired, of the wrong kind, locked, or not each other's."""


class Locked(InputRefused):
    """The studio is encrypted, and the passphrase is missing or wrong."""

    http_status = 423

    def __init__(self, studio: str, *, wrong: bool = False) -> None:
        came = "this one does not open it" if wrong else "none was given"
        super().__init__(
            f"{studio}: expected the passphrase of this encrypted studio, but {came}.",
            "Type it when asked, or set PALIMPSEST_PASSPHRASE. Without it nothing can bring the pictures back.",
        )
        self.studio = studio
        self.wrong = wrong


class TermsRefused(PalimpsestError):
    """The terms of a work do not permit a use; nothing was written."""

    exit_status = 3
    http_status = 403

    def __init__(self, work: str, title: str, use: str, reason: str, remedy: str) -> None:
        super().__init__(f"{title} ({work[:12]}): the use '{use}' is refused: {reason}.", remedy)
        self.work = work
        self.title = title
        self.use = use
        self.reason = reason


class HeldBack(PalimpsestError):
    """An export shows more of somebody else's work than the person lets through; nothing was written.

    `contained` is the share of `source` that it shows, 0 to 1, `most` what is let through, in percent.
    """

    exit_status = 3
    http_status = 403

    def __init__(self, work: str, source: str, title: str, contained: float, most: int) -> None:
        super().__init__(
            f"{work[:12]}: held back: it shows {contained:.0%} of {title} ({source[:12]}), and you let through at most {most} %.",
            f"`palimpsest originality {work[:12]} -o overlap.png` draws it; PALIMPSEST_MOST_CONTAINED sets the limit, "
            "100 for none.",
        )
        self.work = work
        self.source = source
        self.contained = contained
        self.most = most


class NotFound(PalimpsestError):
    """Nothing of that name or id is here."""

    exit_status = 4
    http_status = 404

    def __init__(self, what: str, name: str, remedy: str = "") -> None:
        super().__init__(f"{name}: no such {what}.", remedy)
        self.what = what
        self.name = name


class Erased(NotFound):
    """What was here was erased at somebody's wish; a tombstone says when. Nothing can be made from it any more."""

    http_status = 410

    def __init__(self, work: str, at: str, reason: str = "") -> None:
        PalimpsestError.__init__(
            self,
            f"{work[:12]}: its picture was erased on {at[:10]}{f' ({reason})' if reason else ''}, and an erased work stays so.",
            "Its lineage and credits are kept; it can't be shown, used, replayed or exported any more.",
        )
        self.what = "work"
        self.name = work
        self.at = at


class Damaged(PalimpsestError):
    """A studio or one of its files is not what its digest says."""

    exit_status = 5


class Cancelled(PalimpsestError):
    """The person stopped it; what was acknowledged before is kept."""

    exit_status = 130
    http_status = 499

    def __init__(self) -> None:
        super().__init__("Stopped. What was acknowledged before is kept; nothing else was written.")


def _again(kind: type[PalimpsestError], args: tuple[object, ...], state: dict[str, object]) -> PalimpsestError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"

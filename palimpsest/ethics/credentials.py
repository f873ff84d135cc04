"""Content Credentials (C2PA): signing and reading. The only file that knows the library which does both.

No connection is ever opened: the library would fetch manifests, revocation lists and trust lists by itself, so every context
is made with all of that off. A signature is random, so the same export gives other bytes each time.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from palimpsest.errors import IdentityRefused, PalimpsestError

if TYPE_CHECKING:
    from palimpsest.ethics.certificates import Signing

EMBEDDED = ("image/jpeg", "image/png", "image/webp", "image/tiff", "image/avif", "image/gif")
"""The formats that can hold credentials within; those of others lie in a file beside them."""
TRACES = (b"jumdc2pa", b"urn:c2pa:", b"c2pa.assertions")
"""Bytes that hardly stand in a file which never had credentials."""
RELABELLED = "org.palimpsest.box.mismatch"
"""Our own code of failure, beside those of the library."""
_CLAIMED = ("cawg.training-mining", "c2pa.training-mining")


@dataclass(frozen=True)
class Ingredient:
    """A file that took part: how it is declared, its bytes and kind, and a small JPEG of it where it may be seen."""

    declared: Mapping[str, Any]
    data: bytes
    media_type: str
    thumbnail: bytes | None = None


@dataclass(frozen=True)
class Signed:
    """A signed file, and its manifest by itself, for formats that cannot hold it."""

    data: bytes
    manifest: bytes


@dataclass(frozen=True)
class Found:
    """What a file's credentials are.

    `state` is what the library says: "Trusted", "Valid" or "Invalid"; "Unreadable" when they do not parse; "Remote" when the
    file only names an address where they lie, which is never visited; None when there are none. `failures` are its codes,
    `store` all manifests as plain values.
    """

    state: str | None
    store: Mapping[str, Any] = field(default_factory=dict)
    failures: tuple[str, ...] = ()
    remote: str | None = None
    detail: str = ""

    @property
    def active(self) -> Mapping[str, Any]:
        """The manifest that speaks of the file itself; empty when there is none."""
        manifests: Mapping[str, Mapping[str, Any]] = self.store.get("manifests") or {}
        return manifests.get(self.store.get("active_manifest") or "") or {}

    @property
    def intact(self) -> bool | None:
        """Whether the file is what was signed; None when nothing was."""
        return {"Trusted": True, "Valid": True, "Invalid": False, "Unreadable": False}.get(self.state or "")

    @property
    def trusted(self) -> bool:
        """Whether the signer's certificate leads to one that was named as known."""
        return self.state == "Trusted"


def sign(
    manifest: Mapping[str, Any],
    ingredients: Sequence[Ingredient],
    data: bytes,
    media_type: str,
    signing: Signing,
) -> Signed:
    """Sign an image file. Nothing may touch it afterwards.

    An ingredient that has credentials of its own brings them along, as they are.

    Raises:
        IdentityRefused: the library does not take the certificate.
        PalimpsestError: it cannot sign this file.
    """
    import c2pa  # noqa: PLC0415 - a fifth of a second and 50 MB, for the two commands that need it

    signer = c2pa.Signer.from_callback(
        signing.sign, c2pa.C2paSigningAlg[signing.algorithm.upper()], signing.chain, None
    )
    embeds = media_type in EMBEDDED
    out = io.BytesIO()
    try:
        with signer, c2pa.Builder(dict(manifest), _context(os.getpid(), "")) as builder:
            for number, each in enumerate(ingredients):
                _add(builder, each, number)
            if not embeds:
                builder.set_no_embed()
            store: bytes = builder.sign(signer, media_type, io.BytesIO(data), out)
    except c2pa.C2paError as fault:
        raise _refusal(str(fault)) from fault
    return Signed(out.getvalue() if embeds else data, store)


def _add(builder: Any, each: Ingredient, number: int) -> None:  # noqa: ANN401 - the library has no types
    declared = dict(each.declared)
    if each.thumbnail:
        name = f"thumbnail-{number}.jpg"
        builder.add_resource(name, io.BytesIO(each.thumbnail))
        declared["thumbnail"] = {"format": "image/jpeg", "identifier": name}
    builder.add_ingredient(declared, each.media_type, io.BytesIO(each.data))


def _refusal(words: str) -> PalimpsestError:
    if any(hint in words.lower() for hint in ("certificate", "credential", "cose", "signature")):
        return IdentityRefused(
            f"The certificate was not taken for signing: {words}",
            "`palimpsest identity` shows it; `palimpsest identity --new` makes another.",
        )
    return PalimpsestError(f"Expected to sign the file, but: {words}")


def read(data: bytes, media_type: str, anchors: str = "", manifest: bytes | None = None) -> Found:
    """Read and verify a file's credentials, or those of a `manifest` that lies beside it. No connection is opened.

    `anchors` are certificates (PEM) by which a signer is known.
    """
    import c2pa  # noqa: PLC0415 - as above

    context = _context(os.getpid(), anchors)
    try:
        if manifest is not None:
            reader = c2pa.Reader(media_type, io.BytesIO(data), manifest_data=manifest, context=context)
        else:
            reader = c2pa.Reader.try_create(media_type, io.BytesIO(data), context=context)
        if reader is None:
            return _traces(data)
        with reader:
            store = json.loads(reader.json())
            results = reader.get_validation_results() or {}
            failures = _failures(results)
            state, remote = reader.get_validation_state(), reader.get_remote_url()
        if _relabelled(manifest or data):
            state, failures = "Invalid", [*failures, RELABELLED]
        return Found(state, store, tuple(failures), remote)
    except c2pa.C2paError as fault:
        return _unreadable(c2pa, data, fault)


def _relabelled(data: bytes) -> bool:
    """Tell whether a box of the credentials has another name than its kind has; the library finds it by the kind alone.

    Each box begins with the kind (16 bytes), a mark of what follows, and the name (ISO 19566-5; C2PA specification 2.2, 11.1).
    """
    return any(each[2] not in _NAMES[each[1]] for each in _BOX.finditer(data))


_BOX = re.compile(rb"jumdc2(as|cl|cs)\0\x11\0\x10\x80\0\0\xaa\x008\x9bq\x03([^\0]{0,40})\0")
_NAMES = {b"as": (b"c2pa.assertions",), b"cl": (b"c2pa.claim", b"c2pa.claim.v2"), b"cs": (b"c2pa.signature",)}


def _failures(results: Mapping[str, Any]) -> list[str]:
    """List the codes of what failed in the manifest that speaks of the file itself."""
    return [each["code"] for each in (results.get("activeManifest") or {}).get("failure") or ()]


def _traces(data: bytes) -> Found:
    """Tell a file that never had credentials from one whose credentials were made unrecognizable."""
    if any(trace in data for trace in TRACES):
        return Found("Unreadable", detail="there are remains of credentials in it that nothing can read")
    return Found(None)


def _unreadable(library: Any, data: bytes, fault: Exception) -> Found:  # noqa: ANN401 - the library has no types
    words = str(fault)
    if isinstance(fault, library.C2paError.RemoteManifest) or words.startswith("Remote"):
        address = next((word.strip("\"'(),") for word in words.split() if "://" in word), "")
        return Found("Remote", remote=address or "an address", detail=words)
    found = _traces(data)  # what is cut short, or no image at all, fails to parse as well, and had none
    return Found("Unreadable", detail=words) if found.state else found


def read_claims(data: bytes, media_type: str) -> dict[str, str]:
    """Return what an incoming file's credentials say about training and mining: each entry, such as `ai_training`, to its word.

    The words are "allowed", "notAllowed" and "constrained". The strictest counts, whichever version of the assertion it stands
    in, and whether or not the credentials hold: a wish to be left out needs no proof. Nothing is fetched.
    """
    claims: dict[str, str] = {}
    for assertion in read(data, media_type).active.get("assertions") or ():
        if not str(assertion.get("label", "")).startswith(_CLAIMED):
            continue
        for name, entry in _entries(assertion).items():
            use = str(entry.get("use", "")) if isinstance(entry, dict) else ""
            short = name.partition(".")[2] or name
            if use in _STRICTNESS:
                claims[short] = max(claims.get(short, "allowed"), use, key=_STRICTNESS.index)
    return claims


_STRICTNESS = ("allowed", "constrained", "notAllowed")


def _entries(assertion: Mapping[str, Any]) -> Mapping[str, Any]:
    content = assertion.get("data")
    entries = content.get("entries") if isinstance(content, dict) else None
    return entries if isinstance(entries, dict) else {}


@lru_cache(maxsize=8)
def _context(process: int, anchors: str) -> Any:  # noqa: ANN401 - the library has no types
    """Return a context that opens no connection; one for each process, because a fork's child cannot use its parent's."""
    import c2pa  # noqa: PLC0415 - as above

    del process
    return c2pa.Context.from_dict(
        {
            "core": {"allowed_network_hosts": []},
            "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
            "builder": {"thumbnail": {"enabled": False}},  # it would embed a private picture at 1024 pixels
            **({"trust": {"user_anchors": anchors}} if anchors else {}),
        }
    )

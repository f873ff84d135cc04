"""What credentials say, told in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from palimpsest.ethics.claims import actions, ingredients, meaning
from palimpsest.ethics.credentials import Found
from palimpsest.ethics.source_types import MEANINGS, name_of

_DONE: Mapping[str, str] = {
    "c2pa.created": "it was created",
    "c2pa.opened": "a picture was opened",
    "c2pa.placed": "a picture was placed in it",
    "c2pa.edited": "it was changed",
    "c2pa.cropped": "it was cropped",
    "c2pa.resized": "it was resized",
    "c2pa.color_adjustments": "its colours were adjusted",
    "c2pa.filtered": "a filter was applied",
    "c2pa.drawing": "something was drawn",
    "c2pa.converted": "its format was changed",
    "c2pa.transcoded": "it was encoded anew",
    "c2pa.repackaged": "it was packed anew",
    "c2pa.published": "it was published",
    "c2pa.watermarked": "an invisible mark was put into it",
    "c2pa.redacted": "something was taken out of its history",
}
_RELATIONS = {"parentOf": "made from", "componentOf": "holds a part of", "inputTo": "looked at"}
_MOST = 12


def account(found: Found, own: bool) -> list[str]:
    """Tell what a file's credentials are: intact or not, whose, what was done, from what.

    `own` says that the signer is known by the certificates of the person who asks.
    """
    if found.state is None:
        return ["It carries no Content Credentials."]
    if found.state == "Remote":
        return [
            f"Its credentials lie at {found.remote}. They were not fetched: nothing is sent or asked for from here."
        ]
    if found.state == "Unreadable":
        return [f"Not intact: its Content Credentials were damaged and cannot be read ({found.detail})."]
    sentences = [_holds(found), _signer(found, own)]
    if found.remote:
        sentences.append(f"It names {found.remote} as a place of further credentials, which was not visited.")
    return sentences + list(_history(found.active))


def _holds(found: Found) -> str:
    if found.intact:
        return "Intact: not a byte has changed since it was signed."
    codes = [code for code in found.failures if not code.startswith("signingCredential.untrusted")]
    return f"Not intact: {'; '.join(dict.fromkeys(map(meaning, codes))) or 'the credentials do not hold'}."


def _signer(found: Found, own: bool) -> str:
    signature = found.active.get("signature_info")
    info = signature if isinstance(signature, dict) else {}
    who = info.get("common_name") or info.get("issuer") or "somebody who is not named"
    when = f" on {str(info['time'])[:10]}" if info.get("time") else ""
    said = f"Signed by {who}{when}"
    if not found.intact:
        return f"{said}, it says; as it is not intact, that proves nothing."
    if found.trusted:
        known = "that is your own identity" if own else "a certificate that you keep vouches for it"
        return f"{said}: {known}."
    return f"{said}: nobody that this computer knows vouches for that name. Anybody can make a certificate of any name."


def _history(manifest: Mapping[str, Any]) -> Iterator[str]:
    steps = actions(manifest)
    for step in steps[:_MOST]:
        yield f"  {_step(step)}"
    if len(steps) > _MOST:
        yield f"  … and {len(steps) - _MOST} more steps"
    sources = ingredients(manifest)
    for source in sources[:_MOST]:
        about = f", {source['description']}" if source.get("description") else ""
        relation = _RELATIONS.get(str(source.get("relationship")), "goes back to")
        signed = ", with credentials of its own" if source.get("active_manifest") else ""
        yield f"  {relation} '{source.get('title') or 'untitled'}'{about}{signed}"
    if len(sources) > _MOST:
        yield f"  … and {len(sources) - _MOST} more sources"
    yield from _wishes(manifest)


def _step(step: Mapping[str, Any]) -> str:
    name = str(step.get("action", ""))
    words = next((said for start, said in _DONE.items() if name.startswith(start)), name)
    how = f" ({step['description']})" if step.get("description") else ""
    agent = step.get("softwareAgent")
    tool = agent.get("name") if isinstance(agent, dict) else agent
    by = f" with {tool}" if tool else ""
    kind = name_of(str(step.get("digitalSourceType") or ""))
    return f"{words}{how}{by}" + (f": {MEANINGS.get(kind, kind)}" if kind else "")


def _wishes(manifest: Mapping[str, Any]) -> Iterator[str]:
    for assertion in manifest.get("assertions") or ():
        label, data = str(assertion.get("label", "")), assertion.get("data")
        if label.startswith(("cawg.training-mining", "c2pa.training-mining")) and isinstance(data, dict):
            entries = data.get("entries")
            words = {
                name.partition(".")[2].replace("_", " "): each.get("use")
                for name, each in (entries.items() if isinstance(entries, dict) else ())
                if isinstance(each, dict)
            }
            if words:
                yield "  training and mining: " + ", ".join(
                    f"{name} {_USES.get(str(use), use)}" for name, use in words.items()
                )


_USES = {"notAllowed": "refused", "constrained": "under conditions", "allowed": "allowed"}

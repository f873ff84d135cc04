"""Taking a person's name out of records, so that everything else they say stays, and stays resolvable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from palimpsest.lineage.canonical import canonical, parse
from palimpsest.lineage.records import Act, AnyRecord, CollectionTerms, Terms, known_by, read_record

FIXED = frozenset(
    {"kind", "id", "work", "at", "by", "person", "recipe", "terms", "software", "technique", "pixels", "outputs"}
)
"""Fields that hold identities, moments and measurements, and no words of people. A person's `id` is a random number."""
_NAMED_BY_OTHERS = (Act, Terms, CollectionTerms)
"""Records that others may name by digest; they go on under the digest that they had."""


@dataclass(frozen=True)
class Redaction:
    """A name, and what stands for it. Case and the composition of letters do not matter; parts of other words are left alone."""

    name: str
    token: str

    def is_the_name(self, text: str) -> bool:
        """Tell whether a text is the very name."""
        return _plain(text) == _plain(self.name) != ""

    def text(self, words: str) -> str:
        """Put the token where the name stands in a text."""
        return self._pattern.sub(lambda _: self.token, unicodedata.normalize("NFC", words))

    def stands_in(self, text: str) -> bool:
        """Tell whether the name stands in a text."""
        return self._pattern.search(unicodedata.normalize("NFC", text)) is not None

    def touches(self, record: AnyRecord) -> bool:
        """Tell whether the name stands in a record where it can be taken out."""
        return any(self._pattern.search(text) for text in _texts(parse(record.canonical), ""))

    def stuck(self, record: AnyRecord) -> Iterator[str]:
        """Name the place where the name stands in a recipe, whose digest is the identity of works."""
        if isinstance(record, Act):
            for name, value in record.recipe.parameters.items():
                if isinstance(value, str) and self._pattern.search(unicodedata.normalize("NFC", value)):
                    yield f"the parameter {name} of the recipe {record.recipe.digest[:12]} ({record.recipe.technique})"

    def applied(self, record: AnyRecord) -> AnyRecord:
        """Return a record without the name."""
        if not self.touches(record):
            return record
        made = read_record(canonical(self._replaced(parse(record.canonical), "")))
        return known_by(made, record.digest) if isinstance(record, _NAMED_BY_OTHERS) else made

    def _replaced(self, value: JsonValue, field: str) -> JsonValue:
        if field in FIXED:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._replaced(each, field) for each in value]
        if isinstance(value, dict):
            return {name: self._replaced(each, name) for name, each in value.items()}
        return value

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = r"\s+".join(re.escape(word) for word in unicodedata.normalize("NFC", self.name).split())
        return re.compile(rf"(?<!\w){words}(?!\w)" if words else r"(?!)", re.IGNORECASE)


def _texts(value: JsonValue, field: str) -> Iterator[str]:
    if field in FIXED:
        return
    if isinstance(value, str):
        yield unicodedata.normalize("NFC", value)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, field)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, name)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())

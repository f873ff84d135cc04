"""Terms from the file, from a person, from a collection; terms that end; what came of a work; forged permits."""

from __future__ import annotations

import dataclasses
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from palimpsest.errors import NotFound, ParameterRefused, TermsRefused, UsageRefused
from palimpsest.ethics.consent import POLICY, Wish, judge
from palimpsest.library import queries
from palimpsest.lineage.records import Act, Grant, Obligation, Output, Permit, Terms, Use
from palimpsest.studio.adding import add, add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.finding import list_works
from palimpsest.studio.performing import perform
from palimpsest.studio.saying import Said, opted_out, say
from palimpsest.studio.standing import permit_to, standing
from palimpsest.studio.studio import Studio
from palimpsest.studio.terms import (
    collection_terms_in_force,
    in_one_line,
    in_words,
    state_collection_terms,
    state_terms,
    terms_in_force,
)
from tests.media.packets import VOCABULARY, packet
from tests.media.packets import picture as with_words
from tests.studio.conftest import picture

PROHIBITED = f'plus:DataMining="{VOCABULARY}DMI-PROHIBITED"'
BY = '<cc:license rdf:resource="http://creativecommons.org/licenses/by/4.0/"/><dc:creator>Grace</dc:creator>'


def licensed(studio: Studio, seed: int, **words: Any) -> str:  # noqa: ANN401 - what `Said` takes
    return add_bytes(studio, picture(seed), f"{seed}.png", Said(**words))[0]


def opted(studio: Studio, **words: Any) -> str:  # noqa: ANN401 - what `Said` takes
    return add_bytes(studio, with_words("JPEG", packet(BY, PROHIBITED)), "Sea.jpg", Said(**words))[0]


@contextmanager
def on(studio: Studio, day: str) -> Iterator[Studio]:
    """The same studio when its clock shows another day."""
    yield dataclasses.replace(studio, clock=lambda: f"{day}T12:00:00.000000Z")


def refused(studio: Studio, work: str, use: Use) -> bool:
    try:
        permit_to(studio, use, work)
    except TermsRefused:
        return True
    return False


def test_what_a_file_says_becomes_its_terms(studio: Studio) -> None:
    work = opted(studio)
    (stated,) = queries.terms_history(studio.library, work)
    assert stated.basis.startswith("the file: plus:DataMining = DMI-PROHIBITED")
    assert "cc:license" in stated.basis
    assert stated.licence == "CC-BY-4.0"
    with pytest.raises(TermsRefused, match="plus:DataMining = DMI-PROHIBITED") as refusal:
        permit_to(studio, Use.LEARN, work)
    assert "Grace" in refusal.value.reason
    assert "--allow learn" in refusal.value.remedy
    assert refused(studio, work, Use.IMITATE)
    assert permit_to(studio, Use.PUBLISH, work).obligations == (Obligation.CREDIT,)
    assert queries.descriptions_of(studio.library, work)[-1].makers == ("Grace",)


def test_the_maker_whom_a_person_names_goes_before_the_files(studio: Studio) -> None:
    work = opted(studio, makers=("Ada",))
    assert queries.descriptions_of(studio.library, work)[-1].makers == ("Ada",)


def test_a_licence_stated_with_the_file_does_not_open_what_the_file_closes(studio: Studio) -> None:
    work = opted(studio, licence="CC0-1.0")
    assert refused(studio, work, Use.LEARN)
    assert permit_to(studio, Use.PUBLISH, work).permissions[0].grant is Grant.ALLOWED
    state_terms(studio, work, Said(licence="CC-BY-SA-4.0"))
    assert refused(studio, work, Use.LEARN)
    assert "what the file itself refuses stays refused" in queries.terms_history(studio.library, work)[-1].basis


@pytest.mark.parametrize("words", [{"allow": (Use.LEARN,)}, {"licence": "own work"}])
def test_a_persons_own_later_word_holds_over_the_file_and_history_shows_both(
    studio: Studio, words: dict[str, Any]
) -> None:
    work = opted(studio)
    found = state_terms(studio, work, Said(**words))
    assert not refused(studio, work, Use.LEARN)
    assert [each.basis.partition(":")[0] for each in found.history] == ["the file", "stated by a person"]
    state_terms(studio, work, Said(licence="CC-BY-4.0"))
    assert not refused(studio, work, Use.LEARN), "what was lifted once stays lifted"
    assert opted_out(queries.terms_history(studio.library, work)) <= {Use.IMITATE}
    assert check(studio).damage == []


def test_a_use_allowed_by_name_as_the_file_is_added_is_allowed(studio: Studio) -> None:
    work = opted(studio, allow=(Use.LEARN,))
    assert not refused(studio, work, Use.LEARN)
    assert refused(studio, work, Use.IMITATE)


def test_credentials_are_read_on_add(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    from palimpsest.ethics import credentials  # noqa: PLC0415 - where the seam is

    monkeypatch.setattr(credentials, "read_claims", lambda *_: {"ai_generative_training": "notAllowed"})
    data = picture(5) + credentials.TRACES[0]
    work, _ = add_bytes(studio, data, "signed.png")
    assert (
        "Content Credentials, ai_generative_training = notAllowed"
        in queries.terms_history(studio.library, work)[-1].basis
    )
    assert refused(studio, work, Use.LEARN)


def test_signed_files_of_others_are_added_without_a_connection(
    studio: Studio, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, lambda *given: tried.append(given))
    folder = shared / "hostile" / "c2pa" / "image" / "jpeg"
    for path in sorted(folder.glob("*-E-*.jpg"))[:3]:
        (added,) = add(studio, [path])
        assert added.error is None
    assert tried == []


def test_addresses_in_a_file_are_never_visited(studio: Studio) -> None:
    calls: list[bytes] = []

    class Listener(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            calls.append(self.request.recv(100))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{server.server_address[1]}"
        words = (
            f'<cc:license rdf:resource="{there}/licence"/><xmpRights:WebStatement>{there}/rights</xmpRights:WebStatement>'
            f"<tdm:policy>{there}/policy</tdm:policy><dc:rights>urn:c2pa: {there}</dc:rights>"
        )
        remote = f'xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{there}/manifest.c2pa"'
        for kind in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"):
            work, _ = add_bytes(studio, with_words(kind, packet(words, remote)), f"sea.{kind}")
            assert f"tdm:policy = {there}/policy" in queries.terms_history(studio.library, work)[-1].basis
            assert terms_in_force(studio, work).lines()
        server.shutdown()
    assert calls == []


def test_add_says_what_the_file_says(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "sea.jpg"
    file.write_bytes(with_words("JPEG", packet("", PROHIBITED)))
    (added,) = add(studio, [file])
    assert added.file_says == "the file: plus:DataMining = DMI-PROHIBITED (refused: imitate, learn)"
    (again,) = add(studio, [file])
    assert (again.known, again.file_says) == (True, "")


def test_terms_end_and_old_permits_stay_as_they_were(studio: Studio) -> None:
    work = licensed(studio, 1, makers=("Grace",))
    state_terms(studio, work, Said(licence="CC-BY-4.0", until="2030-06-30"))
    with on(studio, "2030-06-30") as then:
        made = perform(then, "crop", {"work": [work]}, {"left": 0.5})
        assert made.act.permit.permissions[0].grant is Grant.CREDIT
    with on(studio, "2030-07-01") as later:
        assert check(later).damage == []
        for use in Use:
            with pytest.raises(TermsRefused, match="until 2030-06-30, which is over"):
                permit_to(later, use, work)
        with pytest.raises(TermsRefused):
            perform(later, "crop", {"work": [work]}, {"left": 0.25})
        with pytest.raises(TermsRefused):
            permit_to(later, Use.PUBLISH, made.works[0].id)
        found = terms_in_force(later, work)
        assert set(found.withdrawn) == set(Use)
        assert found.made_from_it == (made.works[0].id,)
        assert "No longer allowed" in "\n".join(found.lines())
        state_terms(later, work, Said(licence="CC-BY-4.0"))
        assert perform(later, "crop", {"work": [work]}, {"left": 0.5}).act.reused
        assert check(later).damage == []


def test_what_is_stated_for_a_while_leaves_the_rest_as_it_was(studio: Studio) -> None:
    work = licensed(studio, 1, licence="CC-BY-SA-4.0")
    state_terms(studio, work, Said(refuse=(Use.PUBLISH,), until="2030-01-31"))
    state_terms(studio, work, Said(allow=(Use.ALTER,)))
    assert refused(studio, work, Use.PUBLISH)
    assert permit_to(studio, Use.ALTER, work).permissions[0].grant is Grant.ALLOWED
    with on(studio, "2030-02-01") as later:
        permit = permit_to(later, Use.PUBLISH, work)
        assert permit.permissions[0].grant is Grant.CREDIT
        assert in_words(permit) == "credit, share-alike (CC-BY-SA-4.0)"


def test_a_last_day_alone_is_set_to_all_that_holds(studio: Studio) -> None:
    work = licensed(studio, 1, licence="CC-BY-4.0", refuse=(Use.LEARN,))
    state_terms(studio, work, Said(until="2030-01-31"))
    assert not refused(studio, work, Use.PUBLISH)
    with on(studio, "2030-02-01") as later:
        assert all(refused(later, work, use) for use in Use)
    with pytest.raises(UsageRefused, match="none are stated"):
        state_terms(studio, licensed(studio, 2), Said(until="2030-01-31"))


def test_a_last_day_that_is_over_is_refused(studio: Studio, pictures: list[Path]) -> None:
    work = licensed(studio, 1)
    state_terms(studio, work, Said(allow=(Use.LEARN,), until=studio.now()[:10]))
    with pytest.raises(ParameterRefused, match=r"today .* or later"):
        state_terms(studio, work, Said(allow=(Use.ALTER,), until="2020-01-01"))
    with pytest.raises(ParameterRefused, match=r"today .* or later"):
        state_collection_terms(studio, "Prints", Said(licence="CC-BY-4.0", until="2020-01-01"))
    with pytest.raises(ParameterRefused, match=r"today .* or later"):
        list(add(studio, pictures, Said(licence="CC-BY-4.0", until="2020-01-01")))
    assert len(queries.terms_history(studio.library, work)) == 1
    assert len(list_works(studio)) == 1


def test_a_last_day_alone_makes_no_refusal_of_a_permission_that_is_over(studio: Studio) -> None:
    work = licensed(studio, 1, allow=(Use.LEARN,), until="2030-01-31", makers=("Grace",))
    with on(studio, "2030-02-01") as later:
        with pytest.raises(UsageRefused, match="ended on 2030-01-31") as refusal:
            state_terms(later, work, Said(until="2031-01-31"))
        assert "--allow learn" in refusal.value.remedy
        state_terms(later, work, Said(allow=(Use.PUBLISH,)))
        state_terms(later, work, Said(until="2031-01-31"))
        assert queries.terms_history(studio.library, work)[-1].uses == {Use.PUBLISH: Grant.ALLOWED}
        with pytest.raises(TermsRefused, match=r"allowed to .* until 2030-01-31, which is over"):
            permit_to(later, Use.LEARN, work)
        said = terms_in_force(later, work).lines()
    (learn,) = (line for line in said if line.startswith("  learn"))
    assert learn.count("2030-01-31") == 1


@pytest.mark.parametrize(
    "day", ["never", "2030-13-01", "2030-02-30", "20300131", "2030-1-1", "0000-00-00", "٢٠٣٠-٠١-٠١", "2030-W05-1"]
)
def test_a_day_that_is_none(studio: Studio, day: str) -> None:
    work = licensed(studio, 1)
    with pytest.raises(ParameterRefused, match="until"):
        state_terms(studio, work, Said(allow=(Use.LEARN,), until=day))
    assert queries.terms_history(studio.library, work) == []


def test_contradictory_words_are_refused(studio: Studio, pictures: list[Path]) -> None:
    said = Said(allow=(Use.LEARN, Use.ALTER), refuse=(Use.ALTER,))
    with pytest.raises(UsageRefused, match="alter is said to be both"):
        list(add(studio, pictures, said))
    assert list_works(studio) == []


def test_a_collection_has_terms(studio: Studio) -> None:
    work = licensed(studio, 1, collection="Old prints", makers=("Grace",))
    apart = licensed(studio, 2, collection="Old prints", licence="CC0-1.0")
    assert refused(studio, work, Use.PUBLISH)
    found = state_collection_terms(studio, "Old prints", Said(licence="CC-BY-SA-4.0"))
    assert set(found.members) == {work, apart}
    assert (
        permit_to(studio, Use.PUBLISH, work).permissions[0].reason
        == "stated by a person for the collection Old prints: CC-BY-SA-4.0"
    )
    assert permit_to(studio, Use.PUBLISH, apart).permissions[0].grant is Grant.ALLOWED, "its own terms hold"
    assert in_one_line(terms_in_force(studio, work)).startswith("CC-BY-SA-4.0 (of the collection Old prints)")
    made = perform(studio, "crop", {"work": [work]}, {"left": 0.5})
    assert in_words(made.act.permit) == "credit, share-alike (CC-BY-SA-4.0)"
    withdrawn = state_collection_terms(studio, "Old prints", Said(refuse=(Use.ALTER,)))
    assert withdrawn.withdrawn == (Use.ALTER,)
    assert withdrawn.made_from_it == (made.works[0].id,)
    assert refused(studio, work, Use.ALTER)
    assert check(studio).damage == []


def test_one_word_of_a_works_own_leaves_the_rest_to_its_collection(studio: Studio) -> None:
    work = licensed(studio, 1, collection="Prints", makers=("Grace",))
    state_collection_terms(studio, "Prints", Said(licence="CC-BY-SA-4.0"))
    state_terms(studio, work, Said(allow=(Use.LEARN,)))
    permit = permit_to(studio, Use.LEARN, work)
    assert permit.permissions[0].grant is Grant.ALLOWED
    assert Obligation.SHARE_ALIKE in permit.obligations
    state_collection_terms(studio, "Prints", Said(refuse=(Use.PUBLISH,)))
    assert refused(studio, work, Use.PUBLISH)


def test_a_collection_is_listed_and_found(studio: Studio) -> None:
    work = licensed(studio, 1, collection="Hokusai at home")
    assert list_works(studio, "hokusai")[0]["collection"] == "Hokusai at home"
    say(studio, work, Said(title="Wave"))
    assert list_works(studio, "wave home")[0]["id"] == work
    studio.library.rebuild()
    assert list_works(studio, "hokusai")[0]["id"] == work
    assert queries.works_in_collection(studio.library, "Hokusai at home") == [work]
    with pytest.raises(NotFound, match="collection"):
        collection_terms_in_force(studio, "Nothing")


def test_what_excludes_itself_is_refused_and_nothing_is_computed(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = licensed(studio, 1, licence="CC-BY-SA-4.0")
    other = licensed(studio, 2, licence="CC-BY-NC-SA-4.0")
    monkeypatch.setattr("palimpsest.studio.performing.run", lambda *_: pytest.fail("work had begun"))
    with pytest.raises(TermsRefused, match="no result can be both"):
        perform(studio, "blend", {"base": [one], "top": [other]})


def test_what_is_not_to_be_sold_is_found_before_an_export(studio: Studio) -> None:
    part = perform(studio, "crop", {"work": [licensed(studio, 1, licence="CC-BY-NC-4.0")]}, {"left": 0.5}).works[0].id
    assert permit_to(studio, Use.PUBLISH, part)
    with pytest.raises(TermsRefused, match="do not allow to sell"):
        permit_to(studio, Use.PUBLISH, part, commercial=True)


def forged(studio: Studio, act: Act, **changes: Any) -> Act:  # noqa: ANN401 - fields of a permit
    permit = Permit.model_validate(act.permit.model_dump() | changes)
    return Act.model_validate(act.model_dump() | {"permit": permit.model_dump(), "at": studio.now()})


def test_every_forged_permit_is_found(studio: Studio) -> None:
    work = licensed(studio, 1, licence="CC-BY-SA-4.0", makers=("Grace",))
    honest = perform(studio, "crop", {"work": [work]}, {"left": 0.5}).act
    assert check(studio).damage == []
    permission = honest.permit.permissions[0].model_dump()
    changes: list[dict[str, Any]] = [
        {"obligations": ()},
        {"owed": ()},
        {"owed": [each.model_dump() | {"licence": "CC0-1.0"} for each in honest.permit.owed]},
        {"permissions": [permission | {"grant": "allowed"}]},
        {"permissions": [permission | {"reason": "the maker said so"}]},
        {"permissions": [permission | {"terms": "0" * 64}]},
        {"permissions": [permission | {"use": "sample"}]},
        {"policy": 1},
        {"policy": POLICY + 1},
        {"asof": "2001-01-01T00:00:00.000000Z"},
    ]
    acts = [forged(studio, honest, **each) for each in changes]
    studio.library.append(acts)
    damage = check(studio).damage
    for act, change in zip(acts, changes, strict=True):
        assert [line for line in damage if act.digest[:12] in line], change
    assert not [line for line in damage if honest.digest[:12] in line]


def test_a_permit_that_was_backdated_over_a_last_day_is_found(studio: Studio) -> None:
    work = licensed(studio, 1, makers=("Grace",))
    state_terms(studio, work, Said(licence="CC-BY-4.0", until="2030-06-30"))
    made = perform(studio, "crop", {"work": [work]}, {"left": 0.5}).act
    late = Act.model_validate(made.model_dump() | {"at": "2030-07-01T00:00:00.000000Z"})
    studio.library.append([late])
    assert [line for line in check(studio).damage if late.digest[:12] in line]


def test_a_permit_of_policy_1_is_judged_as_it_was(studio: Studio) -> None:
    work = licensed(studio, 1, licence="CC-BY-4.0", makers=("Grace",))
    made = perform(studio, "crop", {"work": [work]}, {"left": 0.5}).act
    asof, at = queries.latest_moment(studio.library), studio.now()
    permit = judge([Wish("work", Use.ALTER, standing(studio, work, asof))], asof, at, policy=1)
    studio.library.append([Act.model_validate(made.model_dump() | {"permit": permit.model_dump(), "at": at})])
    assert (permit.policy, permit.owed) == (1, ())
    assert check(studio).damage == []


def test_a_lineage_in_a_circle_ends_and_answers_for_all_of_it(studio: Studio) -> None:
    source = licensed(studio, 1, licence="CC-BY-SA-4.0", makers=("Grace",))
    first = perform(studio, "crop", {"work": [source]}, {"left": 0.5})
    second = perform(studio, "crop", {"work": [first.works[0].id]}, {"top": 0.5})
    permission = second.act.permit.permissions[0]
    turned = Act.model_validate(
        second.act.model_dump()
        | {
            "recipe": second.act.recipe.model_dump() | {"inputs": {"work": (second.works[0].id,)}},
            "permit": second.act.permit.model_dump()
            | {"permissions": [permission.model_dump() | {"work": second.works[0].id}]},
            "outputs": [
                Output(
                    work=first.works[0].id, pixels=first.works[0].pixels, evidence=first.act.outputs[0].evidence
                ).model_dump()
            ],
            "at": studio.now(),
        }
    )
    studio.library.append([turned])
    for work in (first.works[0].id, second.works[0].id):
        assert Obligation.SHARE_ALIKE in permit_to(studio, Use.PUBLISH, work).obligations
        assert terms_in_force(studio, work).lines()
    assert isinstance(check(studio).damage, list)


def test_terms_answer_in_plain_values(studio: Studio) -> None:
    source = licensed(studio, 1, licence="CC-BY-SA-4.0", title="Sea", makers=("Grace",))
    part = perform(studio, "crop", {"work": [source]}, {"left": 0.5}).works[0].id
    said = terms_in_force(studio, part).as_json()
    assert said["uses"]["publish"]["grant"] == "credit"
    assert {(each["obligation"], each["licence"], each["title"]) for each in said["owed"]} == {
        ("credit", "CC-BY-SA-4.0", "Sea"),
        ("share-alike", "CC-BY-SA-4.0", "Sea"),
    }
    state_terms(studio, source, Said(refuse=(Use.PUBLISH,)))
    said = terms_in_force(studio, part).as_json()
    assert said["uses"]["publish"]["grant"] == "refused"
    assert "Sea" in said["uses"]["publish"]["reason"]
    assert terms_in_force(studio, source).as_json()["made_from_it"] == [{"id": part, "title": "Crop: Sea"}]


def test_a_record_written_by_hand_with_an_empty_last_day_never_ends(studio: Studio) -> None:
    work = licensed(studio, 1)
    stated = Terms(work=work, uses={Use.PUBLISH: Grant.ALLOWED}, basis="by hand", by="x", at=studio.now())
    studio.library.append([stated])
    with on(studio, "9999-12-31") as later:
        assert permit_to(later, Use.PUBLISH, work)

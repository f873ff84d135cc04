"""Content Credentials: signed in every format, read without a connection, incoming ones kept as they are."""

from __future__ import annotations

import io
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import c2pa
import pytest

from palimpsest.errors import IdentityRefused
from palimpsest.ethics import certificates
from palimpsest.ethics.claims import contradictions
from palimpsest.ethics.credentials import EMBEDDED, read, read_claims, sign
from tests.ethics.signing import claim, created, own, pair, picture, signed, signs, source, step, with_xmp


@pytest.mark.parametrize("media_type", EMBEDDED)
def test_every_format_is_signed_and_known_by_the_local_root_alone(media_type: str) -> None:
    done = signed(media_type=media_type)
    assert read(done.data, media_type, own().root.decode()).state == "Trusted"
    stranger = read(done.data, media_type)
    assert (stranger.state, stranger.intact, stranger.trusted) == ("Valid", True, False)
    assert stranger.failures == ("signingCredential.untrusted",)


def test_a_format_that_holds_no_credentials_has_them_beside_it() -> None:
    data = picture(1, "image/bmp")
    done = sign(claim(created()), [], data, "image/bmp", signs())
    assert done.data == data
    assert read(data, "image/bmp", own().root.decode(), done.manifest).state == "Trusted"
    changed = data[:-1] + bytes([data[-1] ^ 1])
    assert read(changed, "image/bmp", own().root.decode(), done.manifest).intact is False


def test_nothing_and_no_image_carry_nothing() -> None:
    for data in (b"", b"text", picture(), b"\xff\xd8\xff"):
        assert read(data, "image/jpeg").intact is None


def test_a_chain_of_somebody_elses_credentials_goes_along_whole() -> None:
    other = pair("Mallory")
    signing = certificates.signing(other.chain, certificates.read_key(other.key, None))
    first = sign(claim(created()), [], picture(3), "image/jpeg", signing)
    second = signed(step("c2pa.opened", "p"), sources=[source("p", "parentOf", first.data)])
    third = signed(step("c2pa.opened", "p"), sources=[source("p", "parentOf", second.data)])
    found = read(third.data, "image/jpeg", own().root.decode())
    assert found.state == "Trusted"
    assert len(found.store["manifests"]) == 3
    names = {each["signature_info"]["common_name"] for each in found.store["manifests"].values()}
    assert names == {"Ada", "Mallory"}
    assert contradictions(found.store) == []


def test_broken_credentials_of_a_source_are_kept_and_told() -> None:
    parent = bytearray(signed(data=picture(3)).data)
    parent[-30] ^= 1
    child = signed(step("c2pa.opened", "p"), sources=[source("p", "parentOf", bytes(parent))])
    found = read(child.data, "image/jpeg", own().root.decode())
    assert found.state == "Trusted", "the library lets it pass"
    assert len(found.store["manifests"]) == 2, "it is kept"
    assert any("was not intact when it was used" in each for each in contradictions(found.store))


def test_a_certificate_that_the_library_does_not_take_is_refused() -> None:
    made = pair(signature=False)
    blind = certificates.Signing(made.chain.decode(), "es256", lambda data: data[:64])
    with pytest.raises(IdentityRefused):
        sign(claim(created()), [], picture(), "image/jpeg", blind)


@pytest.mark.parametrize("label", ["cawg.training-mining", "c2pa.training-mining"])
def test_what_credentials_say_of_training_is_read(label: str) -> None:
    prefix = label.partition(".")[0]
    entries = {f"{prefix}.ai_training": {"use": "notAllowed"}, f"{prefix}.data_mining": {"use": "constrained"}}
    manifest = claim(created())
    manifest["assertions"].append({"label": label, "data": {"entries": entries}})
    done = sign(manifest, [], picture(), "image/jpeg", signs())
    assert read_claims(done.data, "image/jpeg") == {"ai_training": "notAllowed", "data_mining": "constrained"}
    assert read_claims(picture(), "image/jpeg") == {}


@pytest.fixture
def loopback() -> Iterator[tuple[str, list[str]]]:
    """A server that counts who asks; nobody should."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/manifest.c2pa", asked
    server.shutdown()
    thread.join()
    server.server_close()


def remote(address: str) -> bytes:
    """Return a picture that only names where its credentials lie."""
    out = io.BytesIO()
    signer = c2pa.Signer.from_callback(signs().sign, c2pa.C2paSigningAlg.ES256, signs().chain, None)
    with signer, c2pa.Builder(claim(created())) as builder:
        builder.set_no_embed()
        builder.set_remote_url(address)
        builder.sign(signer, "image/jpeg", io.BytesIO(picture()), out)
    return out.getvalue()


def test_credentials_that_lie_elsewhere_are_named_and_never_fetched(loopback: tuple[str, list[str]]) -> None:
    address, asked = loopback
    data = remote(address)
    found = read(data, "image/jpeg")
    assert (found.state, found.remote, found.intact) == ("Remote", address, None)
    child = signed(step("c2pa.opened", "p"), sources=[source("p", "parentOf", data)])
    assert read(child.data, "image/jpeg").intact
    by_hand = with_xmp(
        picture(),
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{address}"/></rdf:RDF></x:xmpmeta>',
    )
    assert read(by_hand, "image/jpeg").state == "Remote"
    assert read_claims(by_hand, "image/jpeg") == {}
    assert asked == []


def large(megabytes: int) -> bytes:
    """Return a picture whose credentials are as large as that: it shows its source in a very large small picture."""
    shown = replace(source("p", "parentOf"), thumbnail=bytes(megabytes * 1_000_000))
    return signed(step("c2pa.opened", "p"), sources=[shown]).data


def test_a_store_of_fifty_megabytes_is_read() -> None:
    data = large(50)
    assert len(data) > 50_000_000
    assert read(data, "image/jpeg").intact
    assert read(data[:-1], "image/jpeg").intact is False


INTACT = {
    "C",
    "CA",
    "CACA",
    "CACAICAICICA",
    "CAI",
    "CAIAIIICAICIICAIICICA",
    "CAICA",
    "CAICAI",
    "CI",
    "CICA",
    "CICACACA",
} | {*("CIE-sig-CA", "CII")}


def test_the_public_files_of_the_organisation_are_judged_as_recorded(shared: Path) -> None:
    folder = shared / "hostile" / "c2pa" / "image" / "jpeg"
    if not folder.is_dir():
        pytest.skip(f"the files are not there: {folder}")
    verdicts: Counter[bool | None] = Counter()
    for file in sorted(folder.glob("*.jp*g")):
        found = read(file.read_bytes(), "image/jpeg")
        verdicts[found.intact] += 1
        assert bool(found.intact) is (file.stem.removeprefix("adobe-20220124-") in INTACT), file.name
        if file.stem.endswith("-CIE-sig-CA") and found.intact:
            assert contradictions(found.store), "what the library lets pass: a source whose signature does not fit"
        elif found.intact:
            assert contradictions(found.store) == [], file.name
    assert (verdicts[True], verdicts[False], verdicts[None]) == (13, 11, 2)
    pdf = folder.parent.parent / "pdf" / "adobe-20240110-single_manifest_store.pdf"
    assert read(pdf.read_bytes(), "application/pdf").intact, "the fourteenth that is intact is no picture"

"""wall."""

from __future__ import annotations

from pathlib import Path

import click

from palimpsest.cli.call import Call, pass_call
from palimpsest.cli.opening import opened
from palimpsest.studio.finding import work_named
from palimpsest.studio.framing import FRAMES, Framing, Model, model_of, write_model
from palimpsest.studio.stating import SHOWN, Wish
from palimpsest.studio.terms import in_words


@click.command()
@click.argument("work")
@click.option(
    "-o", "--output", required=True, metavar="FILE", help="Where to: .glb (Android, browsers), .usdz (iPhone)."
)
@click.option(
    "--frame",
    type=click.Choice(list(FRAMES)),
    default="gallery",
    show_default=True,
    help=f"What is around it: {'; '.join(f'{name} is {words}' for name, words in FRAMES.items())}.",
)
@click.option("--width-cm", type=float, metavar="CM", help="How wide the picture is, without its frame.")
@click.option("--height-cm", type=float, metavar="CM", help="How high it is; one of both is enough.")
@click.option(
    "--show",
    type=click.Choice(list(SHOWN)),
    default="sources",
    show_default=True,
    help="Which works behind it are named.",
)
@click.option("--name", default="", metavar="NAME", help="Names you as its maker; else nobody who works here is named.")
@click.option("--commercial", is_flag=True, help="It is to be sold: terms that forbid that hold it back.")
@pass_call
def wall(
    call: Call,
    work: str,
    output: str,
    frame: str,
    width_cm: float | None,
    height_cm: float | None,
    show: str,
    name: str,
    commercial: bool,
) -> None:
    """Frame WORK at true size, as a model that a telephone shows on the wall: send it the file and open it there.

    The size is the one you name, else the one on record (`add --size`), else by the file's resolution, else assumed; the answer
    says which. It asks for the same permission as `export`.
    """
    file = Path(output)
    model_of(file.suffix)
    asked = Framing(
        frame, width_cm * 10 if width_cm is not None else None, height_cm * 10 if height_cm is not None else None
    )
    with opened(call) as studio:
        _answer(
            call,
            output,
            write_model(studio, work_named(studio, work), file, asked, Wish(SHOWN[show], name.strip(), commercial)),
        )


def _answer(call: Call, file: str, model: Model) -> None:
    owed = list(dict.fromkeys(each.value for each in model.permit.obligations))
    size = model.size
    lines = [file, f"  size: {size.words}", f"  frame: {FRAMES[model.frame]}"]
    lines += [f"  owed to the sources: {in_words(model.permit)}"] if owed else []
    lines += [f"  left out: {each}" for each in model.removed]
    lines += [f"  {each}" for each in model.notes]
    value = {
        "file": file,
        "work": model.work,
        "media_type": model.media_type,
        "frame": model.frame,
        "width_mm": round(size.width, 1),
        "height_mm": round(size.height, 1),
        "size": size.words,
        "size_from": size.basis,
        "outer_m": [round(each, 4) for each in model.outer],
        "obligations": owed,
        "marked": model.marked,
        "removed": list(model.removed),
        "notes": list(model.notes),
    }
    call.answer(value, lines)

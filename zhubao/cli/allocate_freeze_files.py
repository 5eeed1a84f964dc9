"""The files of a freeze: what is published, and the slips that are handed out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zhubao.cli.output import save_report
from zhubao.core.output_file import replacing

if TYPE_CHECKING:
    from zhubao.allocation.event.frozen import Frozen
    from zhubao.allocation.event.record import EventRow
    from zhubao.ledger.bureau import Bureau

_SLIPS_PER_FILE = 2000  # what Word still opens at once
_PUBLIC, _SLIPS = "公布", "凭证"


def write_public(bureau: Bureau, event: EventRow, frozen: Frozen, root: Path) -> Path:
    """The three texts, the notice and its annex, in the folder to be published; returns it."""
    from zhubao.allocation.event.frozen import ROSTER, RULES, UNITS
    from zhubao.allocation.event.notice import annex_report, notice_report

    folder = root / _PUBLIC
    for name in (ROSTER, UNITS, RULES):
        with replacing(folder / name) as stream:
            stream.write(frozen.texts[name].encode())
    notice = notice_report(event, frozen, bureau=bureau.name)
    annex = annex_report(event, frozen, bureau=bureau.name)
    for suffix in (".docx", ".html"):
        save_report(notice, folder / f"公告{suffix}", bureau.root)
        save_report(annex, folder / f"附件_名册和房源{suffix}", bureau.root, landscape=True)
    return folder


def write_slips(bureau: Bureau, event: EventRow, frozen: Frozen, root: Path) -> list[Path]:
    """One file, or numbered ones where the households are many; older ones beside them go."""
    from zhubao.allocation.event.slips import PLACEHOLDERS, handing_out_order, slip_context
    from zhubao.render.docx import LetterTemplate, find_template
    from zhubao.render.letter_templates import DRAW_SLIP

    folder = root / _SLIPS
    template = LetterTemplate(find_template(DRAW_SLIP, bureau.root / "templates"), PLACEHOLDERS)
    receipts = handing_out_order(frozen)
    parts = [receipts[at : at + _SLIPS_PER_FILE] for at in range(0, len(receipts), _SLIPS_PER_FILE)]
    stem = DRAW_SLIP.removesuffix(".docx")
    names = [f"{stem}_{number:02d}.docx" for number in range(1, len(parts) + 1)]
    paths = [folder / name for name in (names if len(parts) > 1 else [DRAW_SLIP])]
    for path, part in zip(paths, parts, strict=True):
        context = slip_context(event, frozen, part, bureau=bureau.name)
        with replacing(path) as stream:
            stream.write(template.render(context))
    for old in {folder / DRAW_SLIP, *folder.glob(f"{stem}_[0-9][0-9].docx")} - set(paths):
        old.unlink(missing_ok=True)
    return paths

"""The published folder: everything wrong with it is found at once, with file and line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.allocation.bundle.conftest import Files
from zhubao.allocation.bundle.contents import SUMS, page_data, sums_text, write_bundle
from zhubao.allocation.bundle.files import BundleUnreadable, read_bundle
from zhubao.allocation.bundle.report import read_hash, read_receipt, verify_report
from zhubao.allocation.bundle.verify import Verification, verify_bundle
from zhubao.allocation.draw.texts import sha256
from zhubao.core.errors import UsageError

VECTORS = Path(__file__).parents[1] / "draw" / "vectors" / "vectors.json"
Templates = dict[str, str]
Spoil = Callable[[Files], None]


def found(verified: Verification) -> set[tuple[str, str]]:
    return {(str(one.where), one.code) for one in verified.findings}


def replaced(name: str, old: str, new: str) -> Spoil:
    def spoil(files: Files) -> None:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return spoil


def swapped(files: Files) -> None:
    """Two households change places."""
    lines = [line.split(b"\t") for line in files["result.txt"].split(b"\n")]
    lines[1][1], lines[12][1] = lines[12][1], lines[1][1]
    files["result.txt"] = b"\n".join(b"\t".join(line) for line in lines)


def spoil_number(number: str) -> Spoil:
    """Another number of the draw in the ticket."""

    def spoil(files: Files) -> None:
        fields = files["draw.txt"].split(b"\t", 3)
        fields[2] = number.encode()
        files["draw.txt"] = b"\t".join(fields)

    return spoil


def dropped(name: str) -> Spoil:
    def spoil(files: Files) -> None:
        del files[name]

    return spoil


SPOILT: dict[str, tuple[Spoil, set[tuple[str, str]]]] = {
    "no draw": (spoil_number("0"), {("draw.txt!1", "AL-304")}),
    "draw -1": (spoil_number("-1"), {("draw.txt!1", "AL-304")}),
    "roster": (replaced("roster.txt", "优抚对象", "普通对象"), {("roster.txt", "AL-305")}),
    "units": (replaced("units.txt", "\t44.50", "\t99.50"), {("units.txt", "AL-305")}),
    "result": (swapped, {("result.txt!2", "AL-310"), ("result.txt!13", "AL-310")}),
    "entropy": (replaced("draw.txt", "04 08", "04 09"), {("result.txt!1", "AL-310")}),
    "entropy cut": (replaced("draw.txt", " 32\n", "\n"), {("draw.txt!2", "AL-309")}),
    "entropy again": (
        replaced("draw.txt", "04 08 15 16 23 32", "03 17 22 28 31 05"),
        {("draw.txt!2", "AL-309")},
    ),
    "rules": (replaced("rules.txt", "摇号", "摇奖"), {("draw.txt!1", "AL-308")}),
    "earlier result": (
        replaced("earlier/1/result.txt", "selected", "reserve"),
        {("draw.txt!1", "AL-308"), ("earlier/1/result.txt!2", "AL-310")},
    ),
    "earlier gone": (dropped("earlier/1/draw.txt"), {("earlier/1/draw.txt", "AL-301")}),
    "result gone": (dropped("result.txt"), {("result.txt", "AL-301")}),
    "sums gone": (dropped(SUMS), {(SUMS, "AL-301")}),
    "carriage returns": (replaced("units.txt", "\n", "\r\n"), {("units.txt!1", "AL-304")}),
    "no UTF-8": (
        lambda files: files.update({"units.txt": files["units.txt"][:-3] + b"\xff\n"}),
        {("units.txt!7", "AL-304")},
    ),
    "another event": (
        replaced("roster.txt", "YH202009", "YH202008"),
        {("roster.txt!1", "AL-307"), ("roster.txt", "AL-305")},
    ),
    "page": (replaced("摇号验证.html", "优抚对象", "普通对象"), {("摇号验证.html", "AL-311")}),
    "program": (replaced("verify_draw.py", "[fault]", "[0]"), {("verify_draw.py", "AL-312")}),
    "added": (lambda files: files.update({"名单.txt": b"x"}), {("名单.txt", "AL-303")}),
}  # fmt: skip


def test_a_sound_bundle_passes_and_says_what_only_the_announcement_can_tell(
    files: Files, templates: Templates
) -> None:
    verified = verify_bundle(files, templates)
    assert verified.findings == ()
    assert "--published-hash" in " ".join(verify_report(verified).notes)
    rules_hash = sha256(files["rules.txt"].decode())
    assert verify_bundle(files, templates, rules_hash).findings == ()
    assert found(verify_bundle(files, templates, "0" * 64)) == {("rules.txt", "AL-306")}


@pytest.mark.parametrize(("spoil", "wanted"), SPOILT.values(), ids=SPOILT)
def test_what_was_changed_is_named_with_file_and_line(
    files: Files, templates: Templates, spoil: Spoil, wanted: set[tuple[str, str]]
) -> None:
    spoil(files)
    assert wanted <= found(verify_bundle(files, templates))


@pytest.mark.parametrize("name", ["roster", "units", "result", "entropy", "rules"])
def test_new_sums_and_a_new_page_do_not_hide_a_change(
    files: Files, templates: Templates, name: str
) -> None:
    spoil, wanted = SPOILT[name]
    spoil(files)
    again(files, templates)
    codes = {code for _, code in found(verify_bundle(files, templates))}
    assert codes == {code for _, code in wanted}


def again(files: Files, templates: Templates) -> None:
    """Page and sums made anew from changed texts, as a forger would."""
    texts = {name: data.decode() for name, data in files.items()}
    page = templates["摇号验证.html"].replace("/*ZHUBAO-DATA*/", page_data(texts))
    files["摇号验证.html"] = page.encode()
    files.pop(SUMS)
    files[SUMS] = sums_text(files).encode()


@pytest.mark.parametrize(
    "put_in",
    ['</script><script>document.title="绿"</script><script type="x">', ' {"a": 1}'],
)
def test_something_put_behind_the_data_of_the_page_is_told(
    files: Files, templates: Templates, put_in: str
) -> None:
    page = "摇号验证.html"
    end = files[page].index(b"</script>", files[page].index(b'id="data">'))
    files[page] = files[page][:end] + put_in.encode() + files[page][end:]
    files.pop(SUMS)
    files[SUMS] = sums_text(files).encode()
    assert (page, "AL-312") in found(verify_bundle(files, templates))


def test_a_made_up_number_of_draws_is_refused_at_once(files: Files, templates: Templates) -> None:
    spoil_number("999999999")(files)
    assert {"AL-301", "AL-310"} <= {code for _, code in found(verify_bundle(files, templates))}


def test_a_damaged_zip_and_one_with_two_files_of_a_name_are_refused(
    files: Files, tmp_path: Path
) -> None:
    path = tmp_path / "公布.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rules.txt", files["roster.txt"])
    data = bytearray(path.read_bytes())
    data[60:90] = b"\xff" * 30
    path.write_bytes(data)
    with pytest.raises(BundleUnreadable):
        read_bundle(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("rules.txt", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("rules.txt", "2")
    with pytest.raises(BundleUnreadable, match="重名"):
        read_bundle(path)


def test_folder_and_zip_are_read_alike(files: Files, tmp_path: Path) -> None:
    folder = write_bundle(files, tmp_path / "第2次")
    assert read_bundle(folder) == read_bundle(tmp_path) == files
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"第2次/{name}", data)
    (tmp_path / "公布.zip").write_bytes(packed.getvalue())
    assert read_bundle(tmp_path / "公布.zip") == files
    (tmp_path / "坏.zip").write_bytes(packed.getvalue()[:500])
    for name in ("坏.zip", "没有"):
        with pytest.raises(BundleUnreadable):
            read_bundle(tmp_path / name)


def test_nothing_personal_is_published(files: Files) -> None:
    everything = b"".join(files.values()).decode()
    for secret in ("张小明", "11010519491231002X", f"{3:032x}", "C0003", "JT3"):
        assert secret not in everything


def test_a_household_is_found_by_the_first_digits_however_typed(
    files: Files, templates: Templates
) -> None:
    verified = verify_bundle(files, templates)
    assert verified.drawn is not None
    place = verified.drawn.places[4]
    typed = f" {place.receipt[:4].upper()}-{place.receipt[4:8]} "
    report = verify_report(verified, read_receipt(typed))
    assert report.facts["place"]["rank"] == 5
    with pytest.raises(UsageError):
        verify_report(verified, "f" * 32)
    for text in ("12", "凭证号", "g234"):
        with pytest.raises(UsageError):
            read_receipt(text)
    with pytest.raises(UsageError):
        read_hash("abc")


@pytest.mark.parametrize("case", json.loads(VECTORS.read_text(encoding="utf-8")))
def test_the_small_verifier_computes_the_committed_vectors(
    case: Any, templates: Templates, tmp_path: Path
) -> None:
    for name, text in {**case["files"], "verify_draw.py": templates["verify_draw.py"]}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    code, said = run_verifier(tmp_path, sha256(case["files"]["rules.txt"]))
    assert (code, case["result_hash"] in said) == (0, True), said
    assert run_verifier(tmp_path, "0" * 64)[0] == 1
    assert len(templates["verify_draw.py"].splitlines()) <= 60


def test_the_small_verifier_sees_each_change(files: Files, tmp_path: Path) -> None:
    names = [name for name in SPOILT if name not in ("sums gone", "page", "program", "added")]
    unseen = []
    script = files["verify_draw.py"].decode()
    for name in names:
        spoilt = dict(files)
        SPOILT[name][0](spoilt)
        write_plain(spoilt, tmp_path / name)
        code, said = verify_here(script, tmp_path / name)
        if code != 1 or "不通过" not in said:
            unseen.append(name)
    assert unseen == []


def write_plain(files: Files, folder: Path) -> None:
    for name, data in files.items():
        if name.endswith(".txt"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)


def verify_here(script: str, folder: Path) -> tuple[int, str]:
    """The small verifier run within this process, to save starting one per change."""
    said: list[str] = []
    words = sys.argv
    sys.argv = ["verify_draw.py", str(folder)]
    try:
        exec(compile(script, "verify_draw.py", "exec"), {"print": said.append, "__file__": "x"})
    except SystemExit as end:
        return int(end.code or 0), "\n".join(said)
    finally:
        sys.argv = words
    return 0, "\n".join(said)


def run_verifier(folder: Path, *words: str) -> tuple[int, str]:
    """As a citizen runs it: the script alone, isolated from this project."""
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(folder / "verify_draw.py")]
    done = subprocess.run([*command, str(folder), *words], capture_output=True, check=False)
    return done.returncode, done.stdout.decode()

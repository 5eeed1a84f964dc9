"""zhubao.toml: defaults, values, and messages for what is wrong with it."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from zhubao.core.errors import BureauError
from zhubao.ledger.config import LedgerConfig, check_names, default_config_text, load_config

FULL = """\
bureau = "某某区住房保障局"
district_code = "430105"
as_of = 2020-06-30

[files]
arrears = "欠租台账.xlsx"

[aliases."应收"]
"表名" = "月租金"
"应收金额" = ["本月应收", "当月租金"]

[policy]
vacate_months = 6

[targets]
rent = 100
"""


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "zhubao.toml"
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def test_without_a_file_everything_has_a_default(tmp_path: Path) -> None:
    assert load_config(tmp_path / "zhubao.toml") == LedgerConfig()


def test_every_part_is_read(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, FULL))
    assert (config.bureau, config.district_code) == ("某某区住房保障局", "430105")
    assert config.as_of == dt.date(2020, 6, 30)
    assert config.files == {"arrears": "欠租台账.xlsx"}
    assert config.sheet_aliases("应收") == ("月租金",)
    assert config.header_aliases("应收", "应收金额") == ("本月应收", "当月租金")
    assert config.header_aliases("实收", "实收金额") == ()
    assert (config.policy["vacate_months"], config.targets["rent"]) == (6, 100)
    assert config.findings == ()


def test_a_byte_order_mark_and_a_quoted_date_are_fine(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, b"\xef\xbb\xbf" + b'as_of = "2020-06-30"'))
    assert config.as_of == dt.date(2020, 6, 30)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('bureau = "某局"\ndistrict_code = 430105', 2, "带引号"),
        ('bureau = "某局"\n\nas_of = 20200630', 3, "日期"),
        ('as_of = "六月"', 1, "日期"),
        ("as_of = 2020-06-30T08:00:00", 1, "日期"),
        ('district_code = "4301"', 1, "六位"),
        ("bureau = 某局", 1, "写法有误"),
        ('bureau = "某局"\n[files\n', 2, "写法有误"),
        ('files = "arrears.xlsx"', 1, "[files]"),
        ("[files]\narrears = 5", 2, "文件名"),
        ('[files]\narrears = "../外面.xlsx"', 2, "文件名"),
        ('[aliases]\n"应收" = "x"', 2, "[aliases."),
        ('[aliases."应收"]\n"应收金额" = [1]', 2, "列表"),
        ("policy = 1", 1, "[policy]"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(BureauError) as caught:
        load_config(write(tmp_path, text))
    assert caught.value.where.endswith(f"第 {line} 行")
    assert words in caught.value.message
    assert caught.value.advice


def test_another_encoding_is_explained(tmp_path: Path) -> None:
    with pytest.raises(BureauError, match="UTF-8"):
        load_config(write(tmp_path, 'bureau = "某局"'.encode("gbk")))


def test_unknown_keys_are_notices_with_their_line(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, 'bureau = "某局"\nbureu = "某局"\n'))
    assert [(f.code, f.severity) for f in config.findings] == [("LG-121", "notice")]
    assert "第 2 行" in config.findings[0].message


def test_names_that_do_not_exist_are_notices(tmp_path: Path) -> None:
    text = '[files]\narears = "a.xlsx"\n[aliases."应收"]\n"金额" = "x"\n[aliases."应付"]\n"x" = "y"'
    config = load_config(write(tmp_path, text))
    found = check_names(config, ("arrears",), {"应收": ["应收金额"]})
    assert [finding.code for finding in found] == ["LG-122"] * 3
    assert [finding.message.split("”")[0] for finding in found] == [
        "[files] 里的“arears",
        "[aliases.应收] 里的“金额",
        "[aliases] 里的“应付",
    ]


@pytest.mark.parametrize("name", ["某某区住房保障局", '带"引号"\\的\n名字', ""])
def test_the_default_text_reads_back(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, default_config_text(name, "430105", dt.date(2020, 6, 30)))
    config = load_config(path)
    assert config.bureau == name.replace("\n", " ")
    assert config.as_of == dt.date(2020, 6, 30)
    assert config.findings == ()


def test_the_default_text_pins_no_date_unless_told() -> None:
    assert "as_of" not in tomllib.loads(default_config_text("某局", "430105"))


def test_the_commented_examples_of_the_default_text_are_valid(tmp_path: Path) -> None:
    lines = default_config_text("某局", "430105").splitlines()
    marks = ("# as_of", "# arrears", "# tenants", "# [aliases", '# "')
    text = "\n".join(ln.removeprefix("# ") if ln.startswith(marks) else ln for ln in lines)
    config = load_config(write(tmp_path, text))
    assert config.as_of == dt.date(2020, 6, 30)
    assert (len(config.files), len(config.aliases)) == (2, 1)

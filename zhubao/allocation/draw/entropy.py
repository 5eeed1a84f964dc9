"""What the witnesses gave: read as it was typed, and held against what the rules demand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from zhubao.allocation.draw.texts import EntropySource, clean
from zhubao.core.errors import UsageError

Entropy = tuple[tuple[str, str], ...]
_BETWEEN = re.compile(
    r"[\s,、/;.·\-\u2010-\u2015\u2212]+"
)  # after NFKC, so ，；．－ are among them
_ASCII_DIGITS = re.compile(r"[0-9]+")


def parse_entropy(words: Sequence[str], sources: Sequence[EntropySource]) -> Entropy:
    """(source, numbers) in the order of the rules, from words like `现场摇球=03 17 22`.

    Full-width digits are taken for digits; numbers may be parted by spaces, 、 ， , / - or ；.
    Exactly the sources of the rules, each once, each with exactly as many numbers of exactly as
    many digits as agreed: anything else is a UsageError that states the expected form. Nothing is
    guessed: a number that lacks its leading zero is refused.
    """
    given: dict[str, list[str]] = {}
    for word in words:
        name, _, value = unicodedata.normalize("NFKC", word).rpartition("=")
        name = clean(name)
        if name in given:
            raise _refused(f"随机源“{name}”给了两次", sources)
        given[name] = [part for part in _BETWEEN.split(value) if part]
    by_name = {unicodedata.normalize("NFKC", source.name): source.name for source in sources}
    unknown = [name for name in given if name not in by_name]
    if unknown:
        raise _refused(f"“{unknown[0] or words[0]}”不是冻结时约定的随机源", sources)
    values = {by_name[name]: " ".join(numbers) for name, numbers in given.items()}
    missing = [source.name for source in sources if source.name not in values]
    if missing:
        raise _refused(f"缺少随机源：{'、'.join(missing)}", sources)
    for source in sources:
        fault = value_fault(source, values[source.name])
        if fault:
            raise _refused(fault, sources)
    return tuple((source.name, values[source.name]) for source in sources)


def value_fault(source: EntropySource, value: str) -> str:
    """What is wrong with the canonical numbers of a source, or ""."""
    numbers = value.split(" ")
    if len(numbers) != source.numbers:
        return (
            f"“{source.name}”应当是 {source.numbers} 个数，实有 {len(numbers) if value else 0} 个"
        )
    for number in numbers:
        if len(number) != source.digits or not _ASCII_DIGITS.fullmatch(number):
            return f"“{source.name}”的“{number}”不是 {source.digits} 位数（不足的前面补 0）"
    return ""


def entropy_faults(sources: Sequence[EntropySource], entropy: Entropy) -> list[tuple[int, str]]:
    """(line of the ticket, fault) for every source that is not as the rules demand."""
    expected, given = [one.name for one in sources], [name for name, _ in entropy]
    if given != expected:
        return [(2, f"随机源应当依次是 {'、'.join(expected)}，实为 {'、'.join(given) or '空'}")]
    faults = (value_fault(s, value) for s, (_, value) in zip(sources, entropy, strict=True))
    return [(line, fault) for line, fault in enumerate(faults, 2) if fault]


def entropy_words(entropy: Entropy) -> str:
    """`现场摇球=03 17 22；观众报数=5`: as it stands in 随机数来源 and on the screen."""
    return "；".join(f"{name}={value}" for name, value in entropy)


def expected_words(sources: Sequence[EntropySource]) -> str:
    """The options to be typed, with zeros and ascending digits for the numbers."""
    return " ".join(
        f"--entropy '{s.name}={' '.join(str(n % 10) * s.digits for n in range(1, s.numbers + 1))}'"
        for s in sources
    )


def _refused(fault: str, sources: Sequence[EntropySource]) -> UsageError:
    return UsageError(fault, where="--entropy", advice=f"请写成这样：{expected_words(sources)}")

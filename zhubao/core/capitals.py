"""Amounts in Chinese capitals (人民币大写), as receipts and letters carry them."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_YI = 10**8
_WAN = 10**4
_LIMIT_FEN = 10**18


def amount_in_capitals(fen: int) -> str:
    """1409.50 yuan as 壹仟肆佰零玖元伍角; 负 before a negative amount; ValueError from 10^16 yuan.

    Zeros by 支付结算办法, annex 1: one 零 for a gap; 零 after 元 when the yuan digit is 0 and jiao
    follow (the rule leaves both ways open); whole yuan end in 整, jiao and fen do not.
    """
    if abs(fen) >= _LIMIT_FEN:
        raise ValueError("金额过大，不能写成大写")
    whole, cents = divmod(abs(fen), 100)
    yuan = f"{_integer(whole)}元" if whole else ""
    text = yuan + _cents(cents, after_yuan=bool(whole), yuan_digit=whole % 10)
    return ("负" if fen < 0 else "") + (text or "零元整")


def _cents(cents: int, *, after_yuan: bool, yuan_digit: int) -> str:
    if not cents:
        return "整" if after_yuan else ""
    jiao, fen = divmod(cents, 10)
    gap = after_yuan and (not jiao or not yuan_digit)
    parts = ["零" if gap else ""]
    parts.append(f"{_DIGITS[jiao]}角" if jiao else "")
    parts.append(f"{_DIGITS[fen]}分" if fen else "")
    return "".join(parts)


def _integer(number: int) -> str:
    """A positive whole number; the part above 亿 is itself a number, and so is that above 万."""
    for size, unit in ((_YI, "亿"), (_WAN, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return f"{_integer(high)}{unit}{gap}{_integer(low)}"
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    """壹仟零壹 for 1001; "" for 0; no leading and no trailing 零."""
    text = ""
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit != "0":
            text += _DIGITS[int(digit)] + place
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")

"""核对一次摇号，只用 Python 3 标准库：python3 verify_draw.py [文件夹] [公告上的总校验值]"""

import hashlib
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
wrong = {}  # 说法 → 是否如此


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def table(name):  # 全文、第一行各栏、其余各行各栏（栏以制表符分开）
    text = (folder / f"{name}.txt").read_bytes().decode()
    head, *rows = (line.split("\t") for line in text.removesuffix("\n").split("\n"))
    return text, head, rows


def result_of(head, mode, ticket):  # 按算法重新摇一次，得到 result.txt 应有的全文
    seed, queues, reserve, in_group = sha(ticket), defaultdict(list), Counter(), Counter()
    for _, unit, stratum in sorted([(sha(f"{seed}\tunit\t{u[0]}"), *u[:2]) for u in units])[::-1]:
        queues[stratum].append(unit if mode == "unit" else "-")
    lines = ["\t".join(["zhubao-result-1", *head[1:3], seed])]
    keyed = sorted((int(e[1]), sha(f"{seed}\tentrant\t{e[0]}"), e[0], e[4]) for e in roster)
    for rank, (group, key, receipt, stratum) in enumerate(keyed, 1):
        unit = queues[stratum].pop() if queues[stratum] else ""
        in_group[group], reserve[stratum] = in_group[group] + 1, reserve[stratum] + (not unit)
        place = f"selected\t-\t{unit}" if unit else f"reserve\t{reserve[stratum]}\t-"
        lines.append(f"{rank}\t{receipt}\t{group}\t{in_group[group]}\t{stratum}\t{place}\t{key}")
    return "\n".join([*lines, ""])


try:
    (one, r, roster), (two, u, units), (text, h, rules) = map(table, ["roster", "units", "rules"])
    wrong["名册、房源、规则不是同一次活动的"] = {r[1], u[1]} != {h[1]}
    wrong["规则与公告上的总校验值不符"] = sys.argv[2:] not in ([], [sha(text)])
    for name, rows, own, line in (("名册", roster, one, 2), ("房源清单", units, two, 3)):
        wrong[f"{name}与规则里的校验值不符"] = sha(own) != rules[line][1]
        wrong[f"{name}有重复，或没有排好"] = [x[0] for x in rows] != sorted({x[0] for x in rows})
    form, last, draws, given = ".*\n", "-", int(table("draw")[1][2]), []
    for _, name, count, digits in rules[4:]:
        numbers = " ".join([f"[0-9]{{{digits}}}"] * int(count))
        form += f"entropy\t{re.escape(name)}\t{numbers}\n"
    for n in range(1, draws + 1):
        own = f"earlier/{n}/" if n < draws else ""
        (ticket, head, _), result = table(f"{own}draw"), table(f"{own}result")[0]
        wrong[f"第 {n} 次摇号与规则或前次接不上"] = head[1:] != [sha(text), str(n), last]
        wrong[f"第 {n} 次的随机数不合约定"] = not re.fullmatch(form, ticket)
        wrong[f"第 {n} 次的结果与重新计算的不同"] = result != result_of(head, rules[1][1], ticket)
        last, given = sha(result), [*given, ticket.partition("\n")[2]]
    wrong["摇号次序不对，或重摇用了前次的随机数"] = not 0 < len(given) == len(set(given))
except (OSError, ValueError, IndexError) as fault:
    wrong[f"文件缺少或格式不对：{fault}"] = True
said = [f"不通过：{fault}" for fault in wrong if wrong[fault]]
print("\n".join(said) or f"通过　总校验值 {sha(text)}　结果校验值 {last}")
sys.exit(len(said) > 0)

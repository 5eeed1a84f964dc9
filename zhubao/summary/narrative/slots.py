"""The paragraphs a summary asks a person for: code, title, and what to write about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """A paragraph to be written by a person. `code` never changes: notes are kept by it."""

    code: str
    title: str
    prompt: str

    @property
    def asking(self) -> str:
        """What stands in the document until it is written."""
        return f"（请补写：{self.prompt}）"


SLOTS = {
    slot.code: slot
    for slot in (
        Slot("lead", "总体评价", "本期工作的总体情况和主要成效，两三句"),
        Slot("supply", "房源筹集的做法", "为筹集房源做了哪些协调，有哪些进展和成果文件"),
        Slot("dispatch", "服务项目的做法", "参与了哪些项目的协调，怎样保障调配有序"),
        Slot("management", "动态管理的做法", "巡查和整治怎样开展，困难家庭怎样帮扶"),
        Slot("safety", "安全检查的情况", "由谁带队、检查了哪些小区，隐患上报到哪里"),
        Slot("office", "内部管理的情况", "制度、考核、队伍建设方面做了什么"),
        Slot("allocation", "配租的做法", "选房方案怎样制定，现场怎样组织"),
        Slot("reform", "流程优化的做法", "简化了哪些办事环节，群众少跑了几次"),
        Slot("publicity", "宣传报道的重点", "主要的报道题目、媒体和日期"),
        Slot("problems", "其他困难和问题", "台账反映不出的困难，请写明原因"),
        Slot("plan", "下阶段其他安排", "上级部署和本局重点工作，写明事项和时限"),
    )
}

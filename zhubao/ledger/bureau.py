"""A bureau folder: where it is, which files it holds, and loading the sheets a command needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from zhubao.core.background import paused_gc, side_by_side
from zhubao.core.errors import BureauError, WorkbookError
from zhubao.core.finding import Cell, Finding, Severity, declare
from zhubao.ledger import catalog
from zhubao.ledger.config import CONFIG_NAME, LedgerConfig, check_names, load_config
from zhubao.ledger.loaded import Loaded
from zhubao.ledger.model import LedgerRow, column_info
from zhubao.ledger.reading import FileRead, Task, read_file
from zhubao.ledger.recognise import NOTHING_KNOWN, Model
from zhubao.ledger.table import LedgerTable

BUREAU_VARIABLE = "ZHUBAO_BUREAU"
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
_READERS = 4  # workbooks read at the same time

WORKBOOK_MISSING = declare(
    "LG-115",
    "没有这本台账",
    Severity.NOTICE,
    "找不到 {name}，其中的表按没有数据处理：{sheets}",
    "台账另有文件名的，在 zhubao.toml 的 [files] 里写明；还没有的，可用 zhubao init 新建空白台账",
    bad="ledgers 文件夹里没有 tenants.xlsx",
    good="ledgers 文件夹里有 tenants.xlsx",
)
SHEET_MISSING = declare(
    "LG-116",
    "工作簿里没有这张表",
    Severity.NOTICE,
    "找不到“{sheet}”表，按没有数据处理",
    "表另有名称的，在 zhubao.toml 的 [aliases] 里登记；本来没有的，不用处理",
    bad="arrears.xlsx 里没有“减免”表",
    good="arrears.xlsx 里有“减免”表",
)
FILE_PASSED_OVER = declare(
    "LG-117",
    "同一本台账有两个文件",
    Severity.WARNING,
    "读取了 {name}，没有读取 {others}",
    "只留一个，或在 zhubao.toml 的 [files] 里写明用哪一个",
    bad="arrears.xlsx 和 arrears.xls 同在 ledgers 文件夹",
    good="每本台账只有一个文件",
)

CONFIGURED_MISSING = declare(
    "LG-118",
    "配置里写的台账文件不存在",
    Severity.ERROR,
    "zhubao.toml 的 [files] 里写的 {name} 不在台账文件夹里，其中的表按没有数据处理：{sheets}",
    "核对文件名（连同 .xlsx 一类的后缀），或把文件放进台账文件夹",
    bad='[files] 里写 arrears = "欠租"，文件却叫 欠租.xlsx',
    good='[files] 里写 arrears = "欠租.xlsx"，文件夹里有 欠租.xlsx',
)
FILES_UNUSED = declare(
    "LG-119",
    "有没用到的工作簿",
    Severity.NOTICE,
    "台账文件夹里的这些工作簿没有读取：{names}",
    "如果是台账，请在 zhubao.toml 的 [files] 里写明；不是的，不用处理",
    bad="ledgers 文件夹里有 欠租台账.xlsx，[files] 里没有写",
    good="ledgers 文件夹里只有用到的台账",
)


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau folder and its configuration."""

    root: Path
    ledgers: Path
    config: LedgerConfig

    @property
    def name(self) -> str:
        """The bureau's name; the folder's when the configuration gives none."""
        return self.config.bureau or self.root.name

    def files_of(self, workbook: str) -> list[Path]:
        """The files that can be this workbook, the one that is read first; empty when none."""
        configured = self.config.files.get(workbook)
        if configured:
            path = self.ledgers / configured
            return [path] if path.exists() else []
        paths = [path for path in self._workbooks() if path.stem.lower() == workbook]
        return sorted(paths, key=lambda path: SUFFIXES.index(path.suffix.lower()))

    def _workbooks(self) -> list[Path]:
        """The workbooks in the folder, by name; ARREARS.XLSX is one like arrears.xlsx."""
        return sorted(
            path
            for path in self.ledgers.glob("*")
            if path.suffix.lower() in SUFFIXES and path.name[0] not in "~."
        )

    def path_of(self, workbook: str) -> Path:
        """Where this workbook is, or would be."""
        found = self.files_of(workbook)
        return found[0] if found else self.ledgers / self._expected(workbook)

    def load(self, *models: Model, keep_going: bool = False) -> Loaded:
        """The tables of these models; a missing workbook or sheet is an empty table and a notice.

        An unreadable workbook raises WorkbookError, or is listed in `unreadable` if `keep_going`.
        """
        tasks, findings = self._plan(models)
        reads, unreadable = read_files(tasks)
        if unreadable and not keep_going:
            raise unreadable[0]
        findings += [*self.config.findings, *self._config_findings(models)]
        if {model.SHEET.workbook for model in models} == set(catalog.WORKBOOKS):
            findings += self._unused({task.path for task in tasks})
        for read in reads:
            findings += read.findings
            findings += _missing_sheets(read, tasks)
        tables = {model: _joined(model, reads) for model in models}
        return _loaded(tables, findings, reads, unreadable)

    def load_all(self) -> Loaded:
        """Every sheet of every workbook; unreadable workbooks are listed, not raised."""
        return self.load(*catalog.all_models(), keep_going=True)

    def _plan(self, models: Sequence[Model]) -> tuple[list[Task], list[Finding]]:
        """One task per file, and what is to be said of files before reading."""
        by_path: dict[Path, list[str]] = {}
        findings: list[Finding] = []
        for workbook in dict.fromkeys(model.SHEET.workbook for model in models):
            found = self.files_of(workbook)
            if not found:
                findings.append(self._missing(workbook, models))
                continue
            by_path.setdefault(found[0], []).append(workbook)
            if len(found) > 1:
                others = "、".join(path.name for path in found[1:])
                where = Cell(found[0].name)
                findings.append(FILE_PASSED_OVER.at(where, name=found[0].name, others=others))
        tasks = [self._task(path, names, models) for path, names in by_path.items()]
        return tasks, findings

    def _task(self, path: Path, workbooks: Iterable[str], models: Sequence[Model]) -> Task:
        """Every sheet of the workbooks that share this file may be in it."""
        names = dict.fromkeys([*workbooks, *self._sharing(path)])
        candidates = tuple(model for name in names for model in catalog.models_of(name))
        return Task(path, candidates, frozenset(models) & frozenset(candidates), self.config)

    def _sharing(self, path: Path) -> list[str]:
        files = self.config.files.items()
        return [
            workbook
            for workbook, name in files
            if name == path.name and workbook in catalog.WORKBOOKS
        ]

    def _missing(self, workbook: str, models: Sequence[Model]) -> Finding:
        sheets = [model.SHEET.name for model in models if model.SHEET.workbook == workbook]
        name = self._expected(workbook)
        kind = CONFIGURED_MISSING if workbook in self.config.files else WORKBOOK_MISSING
        return kind.at(Cell(name), name=name, sheets="、".join(sheets))

    def _unused(self, used: set[Path]) -> list[Finding]:
        """Workbooks beside the ledgers that nobody reads: most often a ledger under another name.

        A second file of a ledger is not among them; it has a finding of its own.
        """
        known = {path for workbook in catalog.WORKBOOKS for path in self.files_of(workbook)}
        names = [path.name for path in self._workbooks() if path not in used | known]
        return [FILES_UNUSED.at(Cell(""), names="、".join(names))] if names else []

    def _expected(self, workbook: str) -> str:
        return self.config.files.get(workbook, f"{workbook}{SUFFIXES[0]}")

    def _config_findings(self, models: Sequence[Model]) -> list[Finding]:
        """Names in the configuration are judged only when everything is loaded."""
        if not (self.config.files or self.config.aliases):
            return []
        if len(models) < len(catalog.all_models()):
            return []
        headers = {
            model.SHEET.name: [column_info(info).header for info in model.model_fields.values()]
            for model in catalog.all_models()
        }
        return check_names(self.config, tuple(catalog.WORKBOOKS), headers)


def find_bureau(directory: Path | None, env: Mapping[str, str], cwd: Path | None = None) -> Path:
    """The bureau folder: the one named, else $ZHUBAO_BUREAU, else here or the nearest above.

    BureauError when there is none.
    """
    named = directory or (Path(env[BUREAU_VARIABLE]) if env.get(BUREAU_VARIABLE) else None)
    if named is not None:
        return _checked(named.expanduser().resolve())
    here = (cwd or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if _is_bureau(folder):
            return folder
    raise BureauError(
        "这里不是局目录（没有 ledgers 文件夹）",
        where=str(here),
        advice="用 -C 指定局目录，或用 zhubao init 新建一个",
    )


def open_bureau(root: Path) -> Bureau:
    """The bureau in this folder with its configuration; BureauError when that is unusable."""
    ledgers = root / "ledgers" if (root / "ledgers").is_dir() else root
    return Bureau(root, ledgers, load_config(ledgers / CONFIG_NAME))


def load_files(paths: Sequence[Path], config: LedgerConfig | None = None) -> Loaded:
    """Whatever ledger tables are in these files; a file without any is an error finding.

    Files that cannot be read are listed in `unreadable`. Tables of one model are joined.
    """
    models = catalog.all_models()
    settings = config or LedgerConfig()
    tasks = [Task(path, models, frozenset(models), settings) for path in dict.fromkeys(paths)]
    reads, unreadable = read_files(tasks)
    findings = [finding for read in reads for finding in read.findings]
    findings += [NOTHING_KNOWN.at(Cell(read.source.name)) for read in reads if not read.tables]
    known = {model for read in reads for model in read.tables}
    tables = {model: _joined(model, reads) for model in models if model in known}
    return _loaded(tables, findings, reads, unreadable)


def read_files(tasks: Sequence[Task]) -> tuple[list[FileRead], list[WorkbookError]]:
    """Read the files side by side, the largest first; results and errors as the tasks stand."""
    order = sorted(range(len(tasks)), key=lambda place: -_size(tasks[place].path))
    with paused_gc():
        done = side_by_side(_attempt, [tasks[place] for place in order], _READERS)
    outcomes = [outcome for _, outcome in sorted(zip(order, done, strict=True), key=itemgetter(0))]
    reads = [outcome for outcome in outcomes if isinstance(outcome, FileRead)]
    errors = [outcome for outcome in outcomes if isinstance(outcome, WorkbookError)]
    return reads, errors


def _size(path: Path) -> int:
    """Bytes; 0 for a file that is not there, which reading will say."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _attempt(task: Task) -> FileRead | WorkbookError:
    try:
        return read_file(task)
    except WorkbookError as fault:
        return fault


def _missing_sheets(read: FileRead, tasks: Sequence[Task]) -> list[Finding]:
    wanted = next(task.wanted for task in tasks if task.path == read.source.path)
    absent = [model for model in wanted if model not in read.tables and not model.SHEET.computed]
    return [SHEET_MISSING.at(Cell(read.source.name), sheet=model.SHEET.name) for model in absent]


def _joined(model: Model, reads: Sequence[FileRead]) -> LedgerTable[LedgerRow]:
    parts = [table for read in reads for table in read.tables.get(model, ())]
    return LedgerTable.joined(model, parts) if parts else LedgerTable.empty(model)


def _loaded(
    tables: Mapping[Model, LedgerTable[LedgerRow]],
    findings: Iterable[Finding],
    reads: Sequence[FileRead],
    unreadable: Sequence[WorkbookError],
) -> Loaded:
    ordered = tuple(sorted(findings, key=lambda finding: finding.sort_key))
    return Loaded(tables, ordered, tuple(read.source for read in reads), tuple(unreadable))


def _is_bureau(folder: Path) -> bool:
    ledgers = folder / "ledgers"
    return ledgers.is_dir() and (
        (ledgers / CONFIG_NAME).exists()
        or any(
            path.suffix.lower() in SUFFIXES and path.name[0] not in "~."
            for path in ledgers.iterdir()
        )
    )


def _checked(folder: Path) -> Path:
    if not folder.is_dir():
        raise BureauError("没有这个文件夹", where=str(folder), advice="检查路径有没有写错")
    if folder.name == "ledgers" and not (folder / "ledgers").is_dir():
        return folder.parent
    if not (folder / "ledgers").is_dir() and not (folder / CONFIG_NAME).exists():
        raise BureauError(
            "这个文件夹里没有 ledgers 文件夹",
            where=str(folder),
            advice="检查路径有没有写错，或用 zhubao init 新建一个局目录",
        )
    return folder

# 住保台账工具：make 列出可用目标；make run 看示例欠租；make test 跑全部检查。
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# pytest-xdist: one worker per core, whole files to a worker (session fixtures are made once each)
PYTEST_ARGS ?= -n auto --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help setup run test check format fix lint types layers docs pictures sample explore bench wheel clean

help: ## 列出所有目标
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## 建立虚拟环境并安装依赖（只在需要时）

$(READY): pyproject.toml .ci/constraints.txt
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更高版本"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "无法建立虚拟环境；Debian/Ubuntu 请先 apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[dev]'
	@touch $(READY)

run: $(READY) ## 在示例台账上运行 zhubao rent arrears
	@$(BIN)/zhubao rent arrears

test: check ## 通过全部检查：格式、规范、类型、层次、文档、测试

check: format lint types layers ## 同 make test
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

format: $(READY) ## 检查代码格式
	@$(BIN)/ruff format --check --quiet .

lint: $(READY) ## 检查代码规范
	@$(BIN)/ruff check --quiet .

types: $(READY) ## 检查类型（mypy strict）
	@$(BIN)/mypy --no-error-summary

layers: $(READY) ## 检查层次（import-linter）
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports --no-logo

fix: $(READY) ## 自动整理格式
	@$(BIN)/ruff format --quiet . && $(BIN)/ruff check --fix --quiet .

docs: $(READY) ## 重新生成字段与检查代码参考、README 的命令部分
	@$(BIN)/python -m zhubao.cli.reference

pictures: $(READY) ## 重新生成 README“半小时走一遍”的图片
	@ZHUBAO_PICTURES=write $(BIN)/python -m pytest tests/guide

sample: $(READY) ## 重新生成 ledgers/ 里的示例台账
	@$(BIN)/python -m zhubao.demo.sample

explore: $(READY) ## 性质测试换一批随机样例再跑（可反复运行，寻找漏网的情形）
	@HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -n auto $$(grep -rl "@given" tests)

bench: $(READY) ## 运行性能对比（打印比值，约几分钟）
	@for b in tests/bench/bench_*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

wheel: $(READY) ## 在 dist/ 生成安装包
	@$(BIN)/python -m hatchling build -t wheel -d dist

clean: ## 删除虚拟环境和缓存
	@rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

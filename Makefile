# `make` alone prints this list; every target sets up what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Stamps: a second start finds them and does nothing.
RUNTIME := .venv/.runtime-ready
DEVELOPMENT := .venv/.development-ready
FRONT_END := app/web/static/vendor/.ready
MESSAGES := translations/zh/LC_MESSAGES/messages
ARGS ?=

.PHONY: help run test check lint types contracts cov bench docs i18n lock wheel clean

help: ## 列出全部命令
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: $(RUNTIME) $(FRONT_END) $(MESSAGES).mo ## 准备环境并启动演示平台（http://127.0.0.1:8080）
	STATEDATA_DEMO=$${STATEDATA_DEMO:-1} exec $(BIN)/python run.py

test: $(DEVELOPMENT) $(FRONT_END) $(MESSAGES).mo ## 准备环境并运行全部测试（ARGS="-k 关键字" 只跑一部分）
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint types contracts ## 提交前的全部检查：规范、类型、分层、翻译、文档、测试
	$(BIN)/python -m tools.translations --check
	$(BIN)/python -m tools.docs --check
	$(MAKE) test

lint: $(DEVELOPMENT) ## 代码规范与格式
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEVELOPMENT) ## 类型检查
	$(BIN)/mypy

contracts: $(DEVELOPMENT) ## 分层约定（setup.cfg 的 importlinter 各节）
	$(BIN)/lint-imports

cov: $(DEVELOPMENT) $(FRONT_END) $(MESSAGES).mo ## 测试覆盖率
	$(BIN)/coverage run -m pytest $(ARGS)
	$(BIN)/coverage report

bench: $(DEVELOPMENT) $(FRONT_END) $(MESSAGES).mo ## 性能测量（结果是一张比值表）
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(DEVELOPMENT) ## 重新生成 docs/ 中由代码得出的各页
	$(BIN)/python -m tools.docs

i18n: $(DEVELOPMENT) ## 从代码提取文字并更新 translations/，再编译
	$(BIN)/python -m tools.translations
	$(MAKE) $(MESSAGES).mo

lock: | $(DEVELOPMENT) ## 按 requirements*.in 重新锁定依赖（含哈希，不含下载地址）
	for name in requirements requirements-build requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
	    $$name.in -o $$name.lock; \
	done

wheel: $(DEVELOPMENT) $(FRONT_END) $(MESSAGES).mo ## 打包成 dist/*.whl（含前端、目录、翻译、迁移脚本）
	$(BIN)/python -m tools.build_wheel

clean: ## 删除环境与生成物（保留 instance/ 中的数据）
	rm -rf .venv node_modules build dist *.egg-info app/web/static/vendor $(MESSAGES).mo
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "需要 Python 3.11 或更高版本；可用 make run PYTHON=/路径/python3.11 指定"; exit 1; }
	$(PYTHON) -m venv .venv

$(RUNTIME): requirements.lock requirements-build.lock pyproject.toml setup.cfg | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements.lock -r requirements-build.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

$(FRONT_END): package.json package-lock.json $(wildcard tools/vendor.py tools/*.mjs) \
  $(shell find app/web/assets -type f 2>/dev/null) \
  $(shell find app/web -name '*.html' -o -name '*.py' 2>/dev/null) | $(RUNTIME)
	$(BIN)/python tools/vendor.py
	touch $@

$(MESSAGES).mo: $(MESSAGES).po | $(RUNTIME)
	$(BIN)/pybabel --quiet compile --locale zh --directory translations

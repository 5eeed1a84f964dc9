from __future__ import annotations

from pathlib import Path

import pytest

from zhubao.core.resources import packaged_dir
from zhubao.demo.synthetic import write_demo
from zhubao.ledger.bureau import Bureau, open_bureau
from zhubao.ledger.catalog import ALL_MODELS
from zhubao.ledger.loaded import Loaded


@pytest.fixture(scope="session")
def sample_bureau() -> Bureau:
    return open_bureau(packaged_dir("ledgers").parent)


@pytest.fixture(scope="session")
def sample(sample_bureau: Bureau) -> Loaded:
    return sample_bureau.load(*ALL_MODELS)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, households=300, months=8, seed=5)
    return folder


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Loaded:
    return open_bureau(demo_folder).load(*ALL_MODELS)

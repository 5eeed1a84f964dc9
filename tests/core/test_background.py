"""Work in threads: results in order, errors where they are asked for."""

from __future__ import annotations

import threading

import pytest

from zhubao.core.background import Background, side_by_side


def test_the_result_comes_out_of_the_thread() -> None:
    assert Background(lambda: 6 * 7).result() == 42


def test_an_error_is_raised_where_the_result_is_asked_for() -> None:
    def fail() -> None:
        raise KeyError("甲")

    work = Background(fail)
    for _ in range(2):
        with pytest.raises(KeyError, match="甲"):
            work.result()


def test_work_runs_beside_its_caller() -> None:
    go = threading.Event()
    work = Background(lambda: go.wait(5))
    go.set()
    assert work.result()


@pytest.mark.parametrize("threads", [1, 3, 20])
def test_results_stand_in_the_order_of_the_items(threads: int) -> None:
    assert side_by_side(lambda n: n * n, range(10), threads) == [n * n for n in range(10)]
    assert side_by_side(lambda n: n, [], threads) == []


def test_no_more_threads_than_allowed_work_at_once() -> None:
    turns = threading.Semaphore(2)

    def work(number: int) -> int:
        assert turns.acquire(blocking=False)
        turns.release()
        return number

    assert side_by_side(work, range(50), 2) == list(range(50))


def test_an_error_of_one_item_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda n: 1 // n, [1, 0, 2], 2)

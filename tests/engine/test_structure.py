"""Who owns which column, which rows couple residents, and what a standing takes back."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from scheduler.engine.columns import NOBODY, Decisions
from scheduler.engine.neighbourhoods import Neighbourhoods
from scheduler.engine.restrict import restrict
from scheduler.engine.standing import Standing
from scheduler.engine.structure import Structure, structure_of
from scheduler.model.linear import Arrays

#: Columns: a choice of resident 0, its helper, a choice of resident 1, a helper of both.
MATRIX = np.array(
    [
        [1.0, -1.0, 0.0, 0.0],  # resident 0 and its helper
        [1.0, 0.0, 1.0, 0.0],  # both residents: coverage
        [1.0, 0.0, 0.0, -1.0],  # resident 0 and the shared helper
        [0.0, 0.0, 1.0, -1.0],  # resident 1 and the shared helper
    ]
)


def _structure() -> Structure:
    arrays = Arrays(
        cost=np.array([1.0, 0.0, 2.0, 0.0]),
        lower=np.zeros(4),
        upper=np.ones(4),
        matrix=csr_matrix(MATRIX),
        row_lower=np.array([0.0, 1.0, -np.inf, -np.inf]),
        row_upper=np.array([0.0, 2.0, 0.0, 0.0]),
    )
    owner = np.array([0, NOBODY, 1, NOBODY])
    return structure_of(arrays, Decisions(owner, np.array([0, 2]), np.array([0, 0])))


def test_helpers_belong_to_the_one_resident_of_their_rows() -> None:
    """A helper of one resident's rows is theirs; a helper of several is nobody's."""
    assert _structure().owner.tolist() == [0, 0, 1, NOBODY]


def test_coupling_rows_are_those_of_several_residents_or_shared_helpers() -> None:
    """Only the first row is one resident's alone."""
    assert _structure().coupling.tolist() == [False, True, True, True]


def test_a_standing_counts_what_is_missed() -> None:
    """With nobody there, the one row that wants somebody is missed by one."""
    standing = Standing(_structure(), np.zeros(4), price=10.0)
    assert standing.missed_rows().tolist() == [1]
    assert standing.missed() == 1


def test_a_piece_takes_shared_helpers_along() -> None:
    """A resident's piece holds the helpers that must be able to follow."""
    standing = Standing(_structure(), np.zeros(4), price=10.0)
    assert standing.piece(np.array([0, 1])).columns.tolist() == [0, 1, 3]


def test_a_standing_takes_what_is_cheaper_with_misses_priced() -> None:
    """Filling the place costs one and saves the price of ten."""
    standing = Standing(_structure(), np.zeros(4), price=10.0)
    piece = standing.piece(np.array([0, 1]))
    assert standing.take(piece, np.array([1.0, 1.0, 1.0]))
    assert standing.missed() == 0


def test_a_standing_refuses_what_rests_on_old_values() -> None:
    """A piece whose columns another thread has moved meanwhile is not put back."""
    standing = Standing(_structure(), np.zeros(4), price=10.0)
    old = standing.piece(np.array([0, 1]))
    standing.place(np.array([0, 1, 3]), np.ones(3))
    assert not standing.take(old, np.array([1.0, 1.0, 1.0]))


def test_a_valid_standing_refuses_a_miss_however_cheap() -> None:
    """Once nothing is missed, nothing may be missed again."""
    standing = Standing(_structure(), np.ones(4), price=0.1)
    standing.valid = True
    piece = standing.piece(np.array([0, 1, 2]))
    assert not standing.take(piece, np.zeros(4))


def test_columns_in_no_row_go_to_their_cheaper_bound() -> None:
    """What no row holds is decided before CP-SAT is asked."""
    arrays = Arrays(
        cost=np.array([3.0, -2.0, 1.0]),
        lower=np.zeros(3),
        upper=np.ones(3),
        matrix=csr_matrix(np.array([[0.0, 0.0, 1.0]])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([5.0]),
    )
    part = restrict(arrays, np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.int64))
    assert part.free.tolist() == []
    assert part.start.tolist() == [0, 1, 0]


def test_groups_hold_whoever_stands_in_an_overfull_place() -> None:
    """Around a place with two where one may be, half of the group may be they, and one is."""
    people = 40
    arrays = Arrays(
        cost=np.zeros(people),
        lower=np.zeros(people),
        upper=np.ones(people),
        matrix=csr_matrix(-np.ones((1, people))),
        row_lower=np.array([-1.0]),
        row_upper=np.array([np.inf]),
    )
    everybody = np.arange(people)
    structure = structure_of(arrays, Decisions(everybody, everybody, np.zeros(people, np.int64)))
    values = np.zeros(people)
    values[[3, 17]] = 1.0
    standing = Standing(structure, values, 1.0)
    assert standing.mending(0).tolist() == [3, 17]
    for seed in range(10):
        drawn = Neighbourhoods(structure, np.random.default_rng(seed))
        residents, _ = drawn.open(standing, 0, 4, 0)
        assert {3, 17} <= set(residents.tolist())
        assert len(residents) == 4


def test_a_dearer_row_makes_a_miss_move_away_from_it() -> None:
    """A piece that takes a miss from a dear row to a cheap one is taken, the reverse is not."""
    arrays = Arrays(
        cost=np.zeros(2),
        lower=np.zeros(2),
        upper=np.ones(2),
        matrix=csr_matrix(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [-1.0, -1.0]])),
        row_lower=np.array([1.0, 1.0, -np.inf, -np.inf]),
        row_upper=np.array([np.inf, np.inf, 1.0, 0.0]),
    )
    structure = structure_of(
        arrays, Decisions(np.array([NOBODY, NOBODY]), np.arange(0), np.arange(0))
    )
    standing = Standing(structure, np.array([1.0, 0.0]), 10.0)
    standing.press(1, 3.0, 20.0)
    assert standing.prices.tolist() == [10.0, 20.0, 10.0, 10.0]
    piece = standing.piece(np.arange(2))
    assert standing.take(piece, np.array([0.0, 1.0]))
    back = standing.piece(np.arange(2))
    assert not standing.take(back, np.array([1.0, 0.0]))

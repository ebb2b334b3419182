from datetime import timedelta

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra [web]")

from tests.web.db.clock_and_pools import Clock

from imagetoprompt.web.db.database import Database
from imagetoprompt.web.db.pictures import PictureTable, StoredPicture


def added(pictures: PictureTable, visitor: str = "ann") -> StoredPicture:
    return pictures.add(visitor, "d1", "image/png", (640, 480))


def test_a_picture_is_kept_as_it_was_added(database: Database, clock: Clock) -> None:
    pictures = PictureTable(database)
    kept = pictures.add("ann", "d1", "image/png", (640, 480), {"facts": ["ü", None, 0.5]})
    until = clock() + timedelta(hours=24)
    assert kept == StoredPicture(
        kept.id, "ann", "d1", "image/png", 640, 480, {"facts": ["ü", None, 0.5]}, clock(), until
    )
    assert pictures.get(kept.id) == kept


def test_a_picture_is_described_later(database: Database) -> None:
    pictures = PictureTable(database)
    kept = added(pictures)
    described = pictures.set_scene(kept.id, {"facts": []})
    assert (kept.scene, described) == (None, pictures.get(kept.id))
    assert described is not None
    assert described.scene == {"facts": []}


def test_there_is_none_of_an_unknown_id(database: Database) -> None:
    pictures = PictureTable(database)
    assert (pictures.get("none"), pictures.set_scene("none", {})) == (None, None)


def test_it_is_gone_when_its_time_is_over(database: Database, clock: Clock) -> None:
    pictures = PictureTable(database, timedelta(hours=2))
    kept = added(pictures)
    clock.forward(hours=2)
    assert pictures.get(kept.id) is None
    assert pictures.set_scene(kept.id, {}) is None
    assert pictures.of_visitor("ann", 9) == ()


def test_it_is_there_until_then(database: Database, clock: Clock) -> None:
    pictures = PictureTable(database, timedelta(hours=2))
    kept = added(pictures)
    clock.forward(hours=2, microseconds=-1)
    assert pictures.get(kept.id) == kept


def test_a_visitor_sees_only_the_latest_of_their_own(database: Database, clock: Clock) -> None:
    pictures = PictureTable(database)
    mine = []
    for visitor in ("ann", "bob", "ann", "ann"):
        clock.forward(seconds=1)
        kept = added(pictures, visitor)
        mine += [kept] if visitor == "ann" else []
    assert pictures.of_visitor("ann", 2) == (mine[2], mine[1])


def test_expired_ones_are_named_until_they_are_forgotten(database: Database, clock: Clock) -> None:
    pictures = PictureTable(database)
    first = added(pictures)
    clock.forward(hours=12)
    second = added(pictures)
    clock.forward(hours=12)
    assert pictures.expired() == (first.id,)
    assert pictures.delete([first.id, "none"]) == 1
    assert pictures.expired() == ()
    assert pictures.get(second.id) == second

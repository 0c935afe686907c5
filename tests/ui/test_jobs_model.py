"""100,000 postings stay fluent: few cards are made, and only the pages in view are fetched."""

from __future__ import annotations

from itertools import cycle, islice

from PySide6.QtCore import QModelIndex
from PySide6.QtQuick import QQuickItem

from kiosk.jobs.cards import JobList, JobQuery
from kiosk.visit import Step
from tests.ui.robot import Robot
from ui.visit.jobs_model import KEPT_PAGES, PAGE, JobsModel, Role

MANY = 100_000


def browsing(robot: Robot) -> JobsModel:
    """The list of jobs on the screen, its ids repeated until there are many."""
    robot.tap("start").at(Step.CONSENT).tap("lookAround").at(Step.JOBS)
    robot.settle()
    found = robot.app.session.desks.board.find(JobQuery())
    model = robot.see("model")
    assert isinstance(model, JobsModel)
    model.fill(JobList(tuple(islice(cycle(found.ids), MANY))))
    robot.settle()
    return model


def cards(robot: Robot) -> list[QQuickItem]:
    return [
        item
        for item in robot.items()
        if item.objectName().startswith("job") and item.objectName() != "jobList"
    ]


def test_few_cards_and_pages_wherever_one_scrolls(robot: Robot) -> None:
    model = browsing(robot)
    view = robot.app.find("jobList")
    assert view is not None
    assert model.rowCount() == MANY
    whole = float(view.property("contentHeight"))
    for place in (0.0, 0.5, 0.999):
        view.setProperty("contentY", whole * place)
        robot.settle()
        assert 2 <= len(cards(robot)) <= 12
        assert not any(card.property("loading") for card in cards(robot))
    assert model.pages_held <= 6


def test_far_pages_are_given_back(robot: Robot) -> None:
    model = browsing(robot)
    for page in range(KEPT_PAGES + 10):
        model.data(model.index(page * PAGE), Role.TITLE)
    robot.settle()
    assert model.pages_held <= KEPT_PAGES
    last = model.index((KEPT_PAGES + 9) * PAGE)
    assert model.data(last, Role.LOADING) is False
    assert model.data(model.index(PAGE * 2), Role.LOADING) in {True, False}


def test_a_row_reads_in_the_visitors_language(robot: Robot) -> None:
    model = browsing(robot)
    chinese = model.data(model.index(0), Role.OPENINGS)
    robot.app.session.switch_language()
    english = model.data(model.index(0), Role.OPENINGS)
    assert str(chinese).endswith("人")
    assert str(english).endswith("wanted")
    assert model.data(model.index(0), Role.TITLE)
    assert model.rowCount(model.index(0)) == 0
    assert model.rowCount(QModelIndex()) == MANY


def test_an_answer_to_an_earlier_search_is_dropped(robot: Robot) -> None:
    model = browsing(robot)
    board = robot.app.session.desks.board
    model.data(model.index(PAGE * 30), Role.TITLE)  # asked for …
    bricks = board.find(JobQuery(text="瓦工"))
    model.fill(bricks)  # … and overtaken
    robot.settle()
    assert model.rowCount() == len(bricks.ids)
    titles = [model.data(model.index(row), Role.TITLE) for row in range(model.rowCount())]
    robot.settle()
    titles = [model.data(model.index(row), Role.TITLE) for row in range(model.rowCount())]
    assert all(titles)
    assert model.id_at(len(bricks.ids)) is None

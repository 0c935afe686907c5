"""The camera path: a picture of an identity card in, a `Reading` out, the worst picture included.

`CardReader` never raises for what is on a picture. A number is shown as certain only if it was read without doubt by
one recogniser or alike by both, its check character and day hold, and the printed fields do not speak against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from kiosk.identity import number as rules
from kiosk.identity.card_fields import CardText, read_card
from kiosk.identity.card_find import find_quads, flatten, pose_of
from kiosk.identity.card_rows import Models, Side, poses_from_text
from kiosk.identity.document import FIELDS, Assurance, IdentityDocument, Problem, Reading, Sex
from kiosk.identity.ocr import Floats, Image, Text, blend
from kiosk.identity.picture import SHORT_SIDE, limited, load_picture

NUMBER_STANDS = 0.8  # least confidence of any one character of a number that may stand unquestioned
NAME_STANDS = 0.5
CONTRADICTS = 0.8  # a printed sex or birth read with less does not accuse the number
DERIVED = 0.5  # confidence of a sex or birth taken from the number because the print was not read
_SEX = {"男": Sex.MALE, "女": Sex.FEMALE}


@dataclass(frozen=True)
class Look:
    """One picture read: the card's text, or the problem that hid it."""

    text: CardText
    problem: Problem | None = None


class CardReader:
    """Reads cards from pictures. Cheap to make; the networks load on first use or by `load()`, from any thread.

    `today` tells the hall's day, by which a birth may be in the future.
    """

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        self._today = today
        self._models: Models | None = None
        self._loading = Lock()

    def load(self) -> Models:
        """The networks, loaded once (about 0.3 s)."""
        with self._loading:
            if self._models is None:
                self._models = Models.load()
            return self._models

    @property
    def loaded(self) -> bool:
        return self._models is not None

    def read_file(self, path: Path) -> Reading:
        """What a picture file shows; a missing or broken file is a problem, not an error."""
        picture = load_picture(path)
        if isinstance(picture, Problem):
            return Reading(None, (picture,))
        return self.read_image(picture)

    def read_image(self, image: Image) -> Reading:
        """What a picture shows; (height, width, 3) uint8 BGR of any size."""
        return self.vote([self.look(image)])

    def read_burst(self, frames: Iterable[Image]) -> Reading:
        """One card over several frames, each field voted by confidence; frames are taken one at a time."""
        return self.vote([self.look(frame) for frame in frames])

    def vote(self, looks: Sequence[Look]) -> Reading:
        """What several looks at one card say together.

        Whole numbers are voted, those that hold against the rules before those that do not; no number is put
        together from two frames. Looks without a card do not count unless all are.
        """
        texts = [look.text for look in looks if look.problem is None]
        if not texts:
            problems = Counter(look.problem for look in looks if look.problem is not None)
            return Reading(None, (problems.most_common(1)[0][0] if problems else Problem.NO_CARD,))
        several = sum(look.problem is Problem.SEVERAL_CARDS for look in looks)
        if several > len(texts) or len({text["number"].text for text in texts if self.certain(text)}) > 1:
            return Reading(None, (Problem.SEVERAL_CARDS,))
        return self._judge(texts[0] if len(texts) == 1 else self._voted(texts))

    def certain(self, text: CardText) -> bool:
        """Whether the number holds by itself: read surely, and nothing hard speaks against it."""
        number = text["number"]
        hard = set(rules.check_number(number.text, self._today())) - {Problem.UNKNOWN_REGION}
        return number.least >= NUMBER_STANDS and not hard

    def look(self, image: Image) -> Look:
        """One picture read, nothing judged yet."""
        if image.ndim != 3 or image.shape[2] != 3 or min(image.shape[:2]) < SHORT_SIDE:
            return Look(CardText(), Problem.TOO_SMALL)
        image, models = limited(image), self.load()
        quads = find_quads(image)
        seen = [read_card(image, pose_of(quad), models) for quad in quads[:1]]
        best = max(seen, key=lambda text: text.weight, default=CardText(side=Side.NONE))
        for quad in quads[1:]:  # a second outline is a second card only if it carries a card's words
            other = read_card(image, pose_of(quad), models)
            if other.is_card and best.is_card:
                return Look(CardText(), Problem.SEVERAL_CARDS)
            best = max(best, other, key=lambda text: (text.weight, text.is_card))
        if len(best.fields) < len(FIELDS) and best.side is not Side.BACK:
            poses = poses_from_text(image, models)
            others = [read_card(image, pose, models) for pose in poses]
            numbers = {text.fields["number"].text for text in others if self.certain(text)}
            if len(numbers) > 1:
                return Look(CardText(), Problem.SEVERAL_CARDS)
            best = max([best, *others], key=lambda text: text.weight)
        if best.side is Side.BACK:
            return Look(best, Problem.BACK_SIDE)
        if best.side is Side.NONE:
            return Look(best, self._why_nothing(image, quads))
        return Look(best)

    @staticmethod
    def _why_nothing(image: Image, quads: Sequence[Floats]) -> Problem:
        """A card-shaped thing with soft dark marks where the portrait and the rows stand is a blurred card."""
        for quad in quads:
            view = cv2.cvtColor(flatten(image, pose_of(quad), 2.0, -3.0), cv2.COLOR_BGR2GRAY)
            soft = cv2.GaussianBlur(view, (0, 0), 3).astype(np.float32)
            marks = soft - cv2.GaussianBlur(soft, (0, 0), 20)  # without the slow fall of light over the card
            if float(marks.std()) > 0.03 * float(soft.mean()):
                return Problem.BLURRED
        return Problem.NO_CARD

    def _voted(self, texts: Sequence[CardText]) -> CardText:
        voted: dict[str, Text] = {}
        for field in FIELDS:
            ballots: dict[str, list[Text]] = defaultdict(list)
            for text in texts:
                if field in text.fields:
                    ballots[text.fields[field].text].append(text.fields[field])
            if not ballots:
                continue
            if field in ("name", "address"):
                voted[field] = blend([text[field] for text in texts])
                continue
            weights = {value: self._weight(field, value, votes) for value, votes in ballots.items()}
            winner = max(weights, key=lambda value: weights[value])
            columns = zip(*(vote.confidence for vote in ballots[winner]), strict=True)
            voted[field] = Text(winner, tuple(max(column) for column in columns))
        return CardText(voted)

    def _weight(self, field: str, value: str, votes: Sequence[Text]) -> tuple[bool, float]:
        holds = field != "number" or not set(rules.check_number(value, self._today())) - {
            Problem.UNKNOWN_REGION
        }
        return holds, sum(vote.mean * (0.3 + vote.least) for vote in votes)

    def _judge(self, text: CardText) -> Reading:
        """The fields as a document, checked against each other."""
        fields = text.fields
        problems: list[Problem] = []
        number, name = text["number"], text["name"]
        if not number.text:
            problems.append(Problem.NUMBER_UNREAD)
        else:
            problems.extend(rules.check_number(number.text, self._today()))
        if not _is_name(name.text):
            name = Text("")
            problems.append(Problem.NAME_UNREAD)
        if (number.text and number.least < NUMBER_STANDS) or (name.text and name.least < NAME_STANDS):
            problems.append(Problem.UNSURE)
        confidence = {key: round(value.least, 3) for key, value in fields.items()}
        sex, born = _SEX.get(text["sex"].text), _day_of(text["birth"].text)
        sex, born = self._compared(number.text, sex, born, confidence, problems)
        document = IdentityDocument(
            Assurance.CAMERA,
            name=name.text or None,
            sex=sex,
            ethnicity=text["ethnicity"].text or None,
            birth=born,
            address=text["address"].text or None,
            number=number.text or None,
            confidence={key: value for key, value in confidence.items() if key != "name" or name.text},
        )
        return Reading(document, tuple(dict.fromkeys(problems)))

    @staticmethod
    def _compared(
        number: str, sex: Sex | None, born: date | None, confidence: dict[str, float], problems: list[Problem]
    ) -> tuple[Sex | None, date | None]:
        """Printed sex and birth beside the number's own: a clear contradiction is told, a gap is filled as DERIVED."""
        own_sex, own_birth = rules.sex(number), rules.birth(number)
        for key, printed, own in (("sex", sex, own_sex), ("birth", born, own_birth)):
            if own is None or printed == own:
                continue
            if printed is not None and confidence.get(key, 0.0) >= CONTRADICTS:
                problems.append(Problem.FIELDS_DISAGREE)
            elif not problems or set(problems) <= {
                Problem.UNKNOWN_REGION,
                Problem.UNSURE,
                Problem.NAME_UNREAD,
            }:
                confidence[key] = DERIVED
                sex, born = (own_sex, born) if key == "sex" else (sex, own_birth)
        return sex, born


def _is_name(text: str) -> bool:
    """Two to twenty-five characters that are no label and no digits."""
    if not 2 <= len(text) <= 25 or "民族" in text or "性别" in text:
        return False
    return not any(char.isdigit() for char in text)


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

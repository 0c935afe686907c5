"""Each thing that can be wrong with a card, a picture or a number, in its own plain sentence (S2, spec §6)."""

from __future__ import annotations

from kiosk.identity.document import Problem

SENTENCES = {
    # the picture: what to do with the card
    Problem.NOT_A_PICTURE: "摄像头没有给出画面，请输入号码，或者找工作人员",
    Problem.TRUNCATED: "画面断了，请把身份证再放一次",
    Problem.TOO_LARGE: "画面太大，看不了，请输入号码",
    Problem.TOO_SMALL: "离得太远了，请把身份证放近一点",
    Problem.NO_CARD: "没有看到身份证，请平放在框里",
    Problem.SEVERAL_CARDS: "看到了两张证，请只放一张",
    Problem.BACK_SIDE: "这是国徽那一面，请翻过来，有照片的一面朝着镜头",
    Problem.BLURRED: "看不清，请拿稳，避开反光",
    # the fields
    Problem.NUMBER_UNREAD: "号码没看清，请把证放平，避开反光",
    Problem.NAME_UNREAD: "名字没看清，请把证放平，避开反光",
    Problem.BAD_LENGTH: "身份证号码是 18 位，请看看少了还是多了",
    Problem.BAD_CHARACTER: "号码里有不该有的字，只有最后一位可以是 X",
    Problem.BAD_DATE: "第 7 到 14 位是出生年月日，没有这一天，请对一对",
    Problem.BAD_CHECK_DIGIT: "号码有一位不对，请从头对一遍",
    Problem.FUTURE_BIRTH: "出生日期还没到，请对一对第 7 到 14 位",
    Problem.TOO_OLD: "出生年份太早了，请对一对第 7 到 10 位",
    Problem.UNKNOWN_REGION: "前 6 位的地区没查到，请核对号码",
    Problem.FIELDS_DISAGREE: "证上印的和号码对不上，请核对，或者找工作人员",
    Problem.UNSURE: "有的字看得不太准，请仔细核对",
}


def sentence(problem: Problem) -> str:
    """The msgid that tells it."""
    return SENTENCES[problem]

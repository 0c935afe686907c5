"""Make assets/catalogue/pinyin.tsv, the table behind our own pinyin pad: for names of people, so ordered for names.

    python -m tests.samples.make_pinyin Unihan_Readings.txt

Readings: Unihan kTGHZ2013 (通用规范汉字字典) and pypinyin's first one. Order within a syllable: surnames by
frequency (under the reading they have as a surname), common given-name characters, then by level of the standard
table and frequency (kHanyuPinlu); a character comes later where the syllable is not its usual reading.
"""

import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

from pypinyin import Style, pinyin

import assets

# Where a surname is read otherwise than the same character elsewhere.
SURNAME_READINGS = {
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "盖": "ge",
    "任": "ren",
    "华": "hua",
    "查": "zha",
    "朴": "piao",
    "翟": "zhai",
    "缪": "miao",
    "乐": "yue",
    "覃": "qin",
    "员": "yun",
    "么": "yao",
    "纪": "ji",
    "那": "na",
    "燕": "yan",
    "葛": "ge",
    "车": "che",
    "石": "shi",
    "沈": "shen",
    "洗": "xian",
    "尉": "yu",
    "隗": "wei",
    "令": "ling",
    "万": "wan",
    "俞": "yu",
    "叶": "ye",
    "贾": "jia",
}
# Characters common in given names, roughly by how common. Ours, from general knowledge.
GIVEN = (
    "英华玉秀明珍文芳兰国春红建桂丽军平荣梅强伟志海金林云凤琴霞香玲燕艳娟敏静龙杰涛超辉勇刚永生德福兴祥"
    "宝贵庆全义忠良民东胜利新小晓雪雨婷欣怡佳慧思琪子梓涵轩宇浩然博俊鑫磊洋鹏飞峰波斌彬凯亮健康宁安乐"
    "光明清立成家学世正大天长仁和顺昌富山江河水月星辰阳晨旭昊泽瑞祺铭皓诚信达先进红卫建设援朝跃解放爱"
    "爱莲菊花荷莉萍芬芝芹茹蓉薇莹晶洁颖倩楠琳璐瑶瑾珊珠璇玮琦琼瑜媛妍婉娜娇娥姣姗婧姝嫣彩虹素淑贤惠美"
    "好双巧银翠碧青蓝紫白黑冬夏秋季一二三四五六七八九十百千万亿元启开运发财来喜旺根水火土木本树森柏松竹枫"
    "楚汉唐宋元亚洲欧非中西南北京津沪广川贵云陕甘宁青新疆藏蒙力健壮威武豪雄毅坚定恒远航程帆凌霄翔翼鸿鹤"
    "鹰虎豹马骏骥龙麟凰燕莺鹃雁雀羽少伯仲叔季孟长幼老友朋君侯王皇帝臣士卿公奇异妙绝智睿哲聪颖敏锐灵悟"
    "书诗画琴棋礼仪孝廉耻节义勤俭谦恭敬让温厚纯朴真善如若似意愿望希梦想念思忆怀恩感慰喜悦欢乐笑歌舞音"
    "乐章韵律曲词之乎者也其自在心性情理道法术艺业功名利禄寿禧祯祖宗显耀炳焕灿烂煌照映曦晖晗晴朗昭晟景"
    "昕昱晋普智曼曾权柱栋梁材杨柳桃李杏梨桐槐榕楠桢楷模范榜样式会社群众民族兵卫连营团师战胜凯旋捷报传"
    "保守护佑佐佩俪伦倍偲仪儒兆先克冠冰冲净凝剑创加励劲勋化千升卓占印厚原参可史叶同向吉含启周咏品哈哲唯"
    "善嘉器园圆坤垒培基堂塬墨壮声复多夫奕奎奥妮姿威娅婕婵孜孔季宏宗宜实宣宪容宽宾宸宵寅密富寒察对寻导尊"
    "小尔尚尤尧展山岚岩岭岳峥峻崇崎嵩巍川州工巨己巾帅常广庄序应庚康延建弘张弛弦弟强录彤形彦影征律得徽心"
    "必志忱怀思恒恬恺悦情惜惟愉慈慕慧懿成我战所才扬承振捷掌掬提政敬文斐斯方施旋日旦旺昀昂昌易星映春是显"
    "晔晏普景晰智暄暖曙曼曹月有朗朝木未本术机权来杰松极果枝柔树栩桦桥梦梓棋棣森楼榆横橙次欢正武毓比水永"
    "汀江池汶沁沂沐沙沛河治泉波泰泳泽洁津洪洲浅浚浦浩海涓涛润涵淇淑淳深淼清渊渝湘源满漫漪潇潮澄澍澜激火"
    "炎炜炫烁烈烨焱然煜照熙燊燕爽牧牛特独狄玄率玉玖玟玥玫环玲珂珈珉珏珑珩班球理琛琢琨琬琰瑄瑗瑛璋璞璟"
    "瓒甜用田甲男画畅略疆登白百皎益盈盛直相真知石研碧磊示社祎祝禄福禹秀秉秋科稳穆空立竞章童端竣笑笛筱筠"
    "简粤精素紫红纤纪纯纲纹绍经绘给绪维绮缘缨罗美羚群羿翀翊翌翎翔翠翰耀耘聪肖育胤能腾自至致舒舟航良色芊芙"
    "芮芯芷苏苑苒苗若苹茂茗茜茵草荃荔荟荣莎菁菡菲萌萧萱葆葳蒙蓓蓝蔓蔚蔷蕊蕾薛藏藤虎虞蜜蝶融行街表衡袁西见"
    "观觅言誉计训许论识诗诚语诺调谊谦谷豫贝贞财贤贵贺资赐赛赞赫超越路轩轶辉辰达迅迎运近进远迪迪迦适逊通逸"
    "道遥邦郁郎部都配酉里重野量金鉴钊钦钧钰铁铃铎铖银锋锐锦键锴镇镕镭长闯闲闻阅队阔陆陈陶隆隽难雁雄雅集雯雷"
    "霆震霏霓露青靓靖静非韧韬音韵韶项顺须顾领颂频风飒馨香驰驹骁骏骞高魁鲁鲜鲲鸣鸽鸾鹏麒麦黎默鼎齐"
)


def toneless(syllable: str) -> str:
    """lǚ → lv, háng → hang; the tone and the diaeresis go, ü stays apart from u."""
    plain = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(c for c in plain if not unicodedata.combining(c))


def unihan(text: str) -> tuple[dict[str, list[str]], dict[str, int]]:
    """kTGHZ2013 readings of each character, and its spoken frequency (kHanyuPinlu, summed)."""
    readings: dict[str, list[str]] = {}
    frequency: dict[str, int] = {}
    for line in text.splitlines():
        fields = line.split("\t")
        if len(fields) != 3:
            continue
        character = chr(int(fields[0].removeprefix("U+"), 16))
        if fields[1] == "kTGHZ2013":
            readings[character] = [toneless(part.split(":")[1]) for part in fields[2].split()]
        elif fields[1] == "kHanyuPinlu":
            frequency[character] = sum(int(n) for n in re.findall(r"\((\d+)\)", fields[2]))
    return readings, frequency


def standard_levels() -> dict[str, int]:
    """Character of the standard table → its level, 1 to 3."""
    levels, level = {}, 0
    for line in (assets.ROOT / "catalogue" / "standard_characters.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            level = int(line[1:])
        else:
            levels.update(dict.fromkeys(line, level))
    return levels


def table(text: str) -> dict[str, str]:
    """Syllable → characters, most likely in a name first."""
    readings, frequency = unihan(text)
    names = (assets.ROOT / "catalogue" / "surnames.txt").read_text("utf-8").split()
    surnames = {name: order for order, name in enumerate(names) if len(name) == 1}
    given: dict[str, int] = {}
    for character in GIVEN + "".join(name for name in names if len(name) > 1):
        given.setdefault(character, len(given))

    entries: dict[str, list[tuple[tuple[int, ...], str]]] = defaultdict(list)
    for character, level in standard_levels().items():
        usual = toneless(pinyin(character, style=Style.NORMAL, v_to_u=True)[0][0])
        for syllable in dict.fromkeys([usual, *readings[character]]):
            as_surname = SURNAME_READINGS.get(character, usual) == syllable
            rank: tuple[int, ...]
            if character in surnames and as_surname:
                rank = (0, surnames[character])
            elif character in given and syllable == usual:
                rank = (1, given[character])
            else:
                rank = (2 if syllable == usual else 3, level, -frequency.get(character, 0), ord(character))
            entries[syllable].append((rank, character))
    result = {syllable: "".join(c for _, c in sorted(found)) for syllable, found in entries.items()}
    for syllable in ("lve", "nve"):  # many type lue, nue
        result.setdefault(syllable.replace("v", "u"), result[syllable])
    return dict(sorted(result.items()))


def main(source: Path) -> None:
    lines = [f"{syllable}\t{characters}" for syllable, characters in table(source.read_text("utf-8")).items()]
    target = assets.ROOT / "catalogue" / "pinyin.tsv"
    target.write_text("\n".join(lines) + "\n", "utf-8")
    print(len(lines), "syllables", target.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""A bunch of headlines behind all texts parts those that ran into one."""

from __future__ import annotations

from pipeline.leftheads import part_by_heads
from pipeline.mend import Draft
from pipeline.page import Page, read_page
from pipeline.records import Document
from pipeline.stages.decode import read_text
from pipeline.stages.unwrap import unwrap
from pipeline.threads import HEADLINE_FEATURES, Run, Unit

COMMENTS = {
    "店家扫雪别只扫自家门前": (
        "下雪天，许多店家只扫自家门前，隔壁空着的铺面便积成了冰，行人走到那里总要滑一跤。",
        "多扫几步路，花不了几分钟，却省下不少人的一跤。邻里之间，本来就该多替别人想一想。",
        "雪天路滑，店家把雪扫成一堆，不如扫成一条路。谁家门前都会有空铺面，也都会有路过的人。",
    ),
    "公园的长椅不该摆花盆": (
        "公园的长椅上摆着花盆，说是为了好看，走累的老人却只能站着歇脚，孩子也没有地方坐。",
        "公共设施先要有用，再谈好看。把花盆挪到草坪上，长椅还给游人，两样都不耽误。",
        "听说花盆是检查前才摆上去的，检查过了也没有搬走。长椅给谁看、给谁坐，管公园的人心里该有数。",
    ),
    "药盒上的字号该大一点": (
        "不少老人说，药盒上的字小得像蚂蚁，戴着老花镜也认不清一天吃几片、饭前还是饭后。",
        "说明书是给病人看的，字号大一点，成本多不了几分钱，用错药的人却会少许多。",
        "有的药店把用法写在一张大字条上贴住药盒，老人都说好。药厂多想一步，药店就少贴一张。",
    ),
    "末班车该晚半个小时收车": (
        "末班车九点半收车，医院和工厂下夜班的人却要到十点以后才出门，只好站在路口等出租车。",
        "公交该跟着人走。晚收半个小时，多开两趟车，城市就多一分体贴。",
        "收车的时间是十年前定的，那时候城里还没有夜班工厂。时刻表也该隔几年翻一翻、改一改。",
    ),
    "学校食堂倒掉的剩饭称一称": (
        "学校食堂每天倒掉几桶剩饭，学生说菜太咸、饭太硬，厨师说孩子们挑食，各有各的道理。",
        "不妨请学生来尝菜、来打分，把倒掉的饭菜称一称、公布出来，浪费自然会少。",
        "还有学校把半份菜单独标价，想吃多少打多少，剩饭桶一下子轻了。办法不难，难在有人去做。",
    ),
}
COVER = HEADLINE_FEATURES.index("cover")


def page_of(titles: list[str]) -> Page:
    """A page with all comments, a blank line between them, and headlines in a bunch behind them."""
    texts = ["\n".join("\u3000\u3000" + p for p in paragraphs) for paragraphs in COMMENTS.values()]
    document: Document = read_text("\n\n".join([*texts, "\n".join(titles)]) + "\n", "a.txt")
    document.kind = "page"
    unwrap(document)
    return read_page(document.pieces)


def parted(titles: list[str], step: float) -> dict[str, str]:
    """The headline of each text by its first characters, where each paragraph goes on in the next one with these odds.

    What a headline is worth is here what it says of the text alone.
    """
    page = page_of(titles)
    shorts = [m for m, short in enumerate(page.text.short) if short]
    units = [Unit([m], m in shorts) for m in range(len(page.members))]
    draft = Draft(page.text, units, [[k for k, unit in enumerate(units) if not unit.short]])
    runs = [Run(shorts, " ".join(titles))]
    steps = dict.fromkeys(range(len(units)), step)
    found = part_by_heads(page, draft, runs, {}, steps, lambda rows: 4 * rows[:, COVER] - 2)
    return {page.text.texts[draft.members(a)[0]][:6]: head.text for head, a in found.items()}


def test_each_text_gets_its_own():
    assert parted(list(COMMENTS), 1.0) == {texts[0][:6]: title for title, texts in COMMENTS.items()}


def test_texts_that_surely_go_on_stay_one():
    assert parted(list(COMMENTS), 6.0) == {}


def test_headlines_of_other_texts_part_nothing():
    assert parted(["渔港迎来新船", "码头翻修一新", "茶山今年丰收", "灯塔重新亮灯", "驿站开门迎客"], 1.0) == {}


def test_a_few_lines_left_over_part_nothing():
    assert parted(list(COMMENTS)[:3], 1.0) == {}

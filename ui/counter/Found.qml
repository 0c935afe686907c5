pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    covered: vm.photos.open || vm.witness.open
    title: Lang.tr("丢的工具找到了")
    lead: vm.tool

    Card {
        id: tool

        visible: !screen.vm.why.typing
        width: parent.width
        height: Math.max(140, fact.implicitHeight + 40)

        Fact {
            id: fact

            anchors {
                left: parent.left
                leftMargin: 28
                right: shots.left
                rightMargin: 20
                verticalCenter: parent.verticalCenter
            }
            glyph: screen.vm.glyph
            text: screen.vm.tool
            detail: screen.vm.story
            bold: true
        }

        BigButton {
            id: shots

            objectName: "photo"
            anchors {
                right: parent.right
                rightMargin: 20
                verticalCenter: parent.verticalCenter
            }
            height: 100
            glyph: "camera"
            text: screen.vm.photos.photos.length > 0 ? Lang.tr("照片 {n} 张", {
                "n": screen.vm.photos.photos.length
            }) : Lang.tr("拍照")
            onClicked: screen.vm.photos.start()
        }
    }

    WhyPanel {
        y: screen.vm.why.typing ? 0 : tool.height + 28
        width: parent.width
        height: parent.height - y
        visible: !screen.vm.said
        why: screen.vm.why
        question: Lang.tr("怎么找到的？")
    }

    Item {
        y: tool.height + 28
        width: parent.width
        height: parent.height - y
        visible: screen.vm.said

        Item {
            id: judged

            width: Theme.portrait ? parent.width : parent.width * 0.46
            height: Theme.portrait ? 360 : parent.height

            Row {
                id: how

                width: parent.width
                height: 112
                spacing: 18

                Caption {
                    width: parent.width - again.width - 18
                    height: parent.height
                    text: screen.vm.words
                    font.pixelSize: Theme.h2
                    bold: true
                }

                BigButton {
                    id: again

                    objectName: "unsay"
                    height: parent.height
                    glyph: "edit"
                    text: Lang.tr("改一下")
                    onClicked: screen.vm.unsay()
                }
            }

            Caption {
                id: looked

                y: how.height + 20
                width: parent.width
                text: Lang.tr("验收：看过、试过，能不能再借？")
                color: Theme.ink2
            }

            Row {
                y: looked.y + looked.height + 16
                width: parent.width
                spacing: 18

                Chip {
                    objectName: "fit"
                    width: (parent.width - 18) / 2
                    height: 104
                    text: Lang.tr("能用，入库")
                    checked: screen.vm.fit
                    onClicked: screen.vm.judge(true)
                }

                Chip {
                    objectName: "unfit"
                    width: (parent.width - 18) / 2
                    height: 104
                    text: Lang.tr("不能用，放一边")
                    checked: !screen.vm.fit
                    onClicked: screen.vm.judge(false)
                }
            }
        }

        Item {
            x: Theme.portrait ? 0 : judged.width + 48
            y: Theme.portrait ? judged.height : 0
            width: parent.width - x
            height: (Theme.portrait ? done.y - 20 : parent.height) - y
            visible: screen.vm.refundable

            Caption {
                id: ask

                width: parent.width
                visible: Theme.portrait
                text: Lang.tr("赔的钱退多少？不退就空着")
                bold: true
            }

            Entry {
                id: entry

                objectName: "moneyEntry"
                y: ask.visible ? ask.height + 12 : 0
                width: parent.width - all.width - 18
                height: 112
                size: 56
                bad: screen.vm.tooMuch
                text: screen.vm.amount
                hint: Lang.tr("退多少，不退就空着")
            }

            BigButton {
                id: all

                objectName: "giveAll"
                anchors.right: parent.right
                y: entry.y
                height: entry.height
                text: Lang.tr("全退 {money}", {
                    "money": screen.vm.most
                })
                onClicked: screen.vm.all()
            }

            MoneyPad {
                y: entry.y + entry.height + 20
                width: parent.width
                height: Math.min(parent.height - y, 640)
                onTyped: key => screen.vm.pad.type(key)
                onErased: screen.vm.pad.erase()
            }
        }

        BigButton {
            id: done

            objectName: "done"
            y: parent.height - height
            width: Theme.portrait || !screen.vm.refundable ? parent.width : judged.width
            kind: "primary"
            glyph: "users"
            enabled: screen.vm.ready
            text: Lang.tr("请另一个人确认")
            onClicked: screen.vm.done()
        }
    }

    over: [
        PhotoTaker {
            anchors.fill: parent
            taker: screen.vm.photos
        },
        WitnessPanel {
            anchors.fill: parent
            witness: screen.vm.witness
        }
    ]
}

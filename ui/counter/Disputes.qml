pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    covered: vm.witness.open
    title: Lang.tr("争议")
    lead: Lang.tr("两个人一起答复，其中一位能拍板")

    ListView {
        id: list

        objectName: "disputeList"
        width: Theme.portrait ? parent.width : parent.width * 0.44
        height: Theme.portrait ? parent.height * 0.34 : parent.height
        clip: true
        spacing: 18
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.disputes

        delegate: RowButton {
            required property var modelData
            required property int index

            objectName: "dispute" + index
            width: list.width
            glyph: "message"
            text: modelData.text
            detail: modelData.detail
            side: modelData.side
            checked: screen.vm.chosen === index
            onClicked: screen.vm.choose(index)
        }
    }

    Nothing {
        anchors.centerIn: parent
        width: parent.width
        visible: screen.vm.known && screen.vm.disputes.length === 0
        text: Lang.tr("没有等答复的争议")
    }

    Item {
        id: side

        x: Theme.portrait ? 0 : list.width + 40
        y: Theme.portrait ? list.height + 20 : 0
        width: parent.width - x
        height: parent.height - y
        visible: screen.vm.chosen >= 0

        Item {
            anchors.fill: parent
            visible: screen.vm.step === "list"

            Card {
                width: parent.width
                height: Math.min(story.height + 56, acts.y - 20)
                clip: true

                Column {
                    id: story

                    x: 32
                    y: 28
                    width: parent.width - 64
                    spacing: 14

                    Caption {
                        width: parent.width
                        text: screen.vm.tool
                        bold: true
                    }

                    Repeater {
                        model: screen.vm.notes

                        Caption {
                            required property var modelData

                            width: story.width
                            text: modelData.text
                            color: modelData.tone === "error" ? Theme.error : modelData.tone === "ok" ? Theme.ok : modelData.tone === "warn" ? Theme.pay : Theme.ink2
                        }
                    }
                }
            }

            Column {
                id: acts

                y: parent.height - height
                width: parent.width
                spacing: 18

                Note {
                    width: parent.width
                    visible: !screen.vm.settled
                    tone: "warn"
                    text: Lang.tr("这一件还没有结算，结算以后再答复")
                }

                BigButton {
                    objectName: "photos"
                    width: parent.width
                    visible: screen.vm.photos > 0
                    glyph: "photo"
                    text: Lang.tr("照片 {n} 张", {
                        "n": screen.vm.photos
                    })
                    onClicked: screen.vm.look()
                }

                BigButton {
                    objectName: "reply"
                    width: parent.width
                    kind: "primary"
                    glyph: "messages"
                    enabled: screen.vm.settled
                    text: Lang.tr("答复")
                    onClicked: screen.vm.reply()
                }
            }
        }

        WhyPanel {
            anchors.fill: parent
            visible: screen.vm.step === "words"
            why: screen.vm.why
            question: Lang.tr("怎么答复？")
        }

        BigButton {
            objectName: "whyCancel"
            anchors.bottom: parent.bottom
            visible: screen.vm.step === "words" && !screen.vm.why.typing
            width: parent.width
            glyph: "arrow-left"
            text: Lang.tr("不了")
            onClicked: screen.vm.choose(screen.vm.chosen)
        }

        Item {
            anchors.fill: parent
            visible: screen.vm.step === "money"

            Caption {
                id: words

                width: parent.width
                text: screen.vm.answer
                bold: true
            }

            Entry {
                id: entry

                objectName: "moneyEntry"
                y: words.height + 16
                width: parent.width - all.width - 18
                height: 112
                size: 56
                bad: !screen.vm.ready
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
                height: confirm.y - 20 - y
                onTyped: key => screen.vm.pad.type(key)
                onErased: screen.vm.pad.erase()
            }

            BigButton {
                id: confirm

                objectName: "done"
                y: parent.height - height
                width: parent.width
                kind: "primary"
                glyph: "users"
                enabled: screen.vm.ready
                text: Lang.tr("请负责人或财务确认")
                onClicked: screen.vm.done()
            }
        }
    }

    over: [
        WitnessPanel {
            anchors.fill: parent
            witness: screen.vm.witness
        }
    ]
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    covered: vm.losing !== ""
    title: Lang.tr("归还")
    lead: Lang.tr("扫一件勾一件，也可以直接点")

    Card {
        id: person

        width: parent.width
        height: 152

        Fact {
            anchors {
                left: parent.left
                leftMargin: 28
                right: parent.right
                rightMargin: 28
                verticalCenter: parent.verticalCenter
            }
            glyph: screen.vm.late ? "alert-triangle" : "user"
            tint: screen.vm.late ? Theme.error : Theme.brand
            text: screen.vm.late ? screen.vm.who + Lang.tr("（逾期）") : screen.vm.who
            detail: screen.vm.details
            size: Theme.h2
            bold: true
        }
    }

    ListView {
        id: list

        objectName: "lineList"
        cacheBuffer: 4000
        y: person.height + 20
        width: parent.width
        height: foot.y - 20 - y
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.lines

        delegate: Card {
            id: row

            required property var modelData
            required property int index
            readonly property bool out: modelData.state === "out"

            width: list.width
            height: Math.max(136, words.height + 36)
            radius: Theme.radius
            color: modelData.chosen ? Theme.sky : Theme.card
            border.width: modelData.chosen ? 4 : 2
            border.color: modelData.chosen ? Theme.brand : Theme.hairline

            Column {
                id: words

                anchors {
                    left: parent.left
                    leftMargin: 24
                    right: acts.left
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                spacing: 4

                Fact {
                    width: parent.width
                    glyph: row.modelData.state === "settled" ? "circle-check" : row.modelData.glyph
                    tint: row.modelData.state === "settled" ? Theme.ok : Theme.brand
                    disc: 84
                    text: row.modelData.text
                    detail: row.modelData.detail
                    bold: true
                }

                Repeater {
                    model: row.modelData.notes

                    Caption {
                        required property var modelData

                        x: 112
                        width: words.width - 112
                        text: modelData.text
                        color: modelData.tone === "error" ? Theme.error : modelData.tone === "ok" ? Theme.ok : modelData.tone === "warn" ? Theme.pay : Theme.ink2
                        font.pixelSize: Theme.least
                        lineHeight: 1.15
                    }
                }
            }

            Row {
                id: acts

                anchors {
                    right: parent.right
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                spacing: 16

                BigButton {
                    objectName: "lose" + row.index
                    visible: row.out
                    height: 100
                    text: Lang.tr("丢了")
                    onClicked: screen.vm.askLost(row.modelData.id)
                }

                BigButton {
                    objectName: "notLost" + row.index
                    visible: row.modelData.lost
                    height: 100
                    text: Lang.tr("找到了")
                    onClicked: screen.vm.notLost(row.modelData.id)
                }

                BigButton {
                    objectName: "photos" + row.index
                    visible: row.modelData.photos > 0
                    height: 100
                    glyph: "photo"
                    text: String(row.modelData.photos)
                    Accessible.name: Lang.tr("照片 {n} 张", {
                        "n": row.modelData.photos
                    })
                    onClicked: screen.vm.look(row.modelData.id)
                }

                BigButton {
                    objectName: "dispute" + row.index
                    visible: (row.modelData.state === "inspected" || row.modelData.state === "settled") && !row.modelData.disputed
                    height: 100
                    text: Lang.tr("有争议")
                    onClicked: screen.vm.dispute(row.modelData.id)
                }

                Chip {
                    objectName: "take" + row.index
                    visible: row.out
                    height: 100
                    text: Lang.tr("还回来了")
                    checked: row.modelData.chosen
                    onClicked: screen.vm.toggle(row.modelData.id)
                }

                BigButton {
                    objectName: "inspect" + row.index
                    visible: row.modelData.state === "back"
                    height: 100
                    glyph: "eye-check"
                    text: Lang.tr("验收")
                    onClicked: screen.vm.inspect(row.modelData.id)
                }

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: row.modelData.state === "inspected"
                    name: "check"
                    tint: Theme.ok
                    size: 72
                }
            }
        }
    }

    // lying: what is done next at the right; standing: it lies below, over the whole width
    Flow {
        id: foot

        readonly property bool both: screen.vm.anyOut && screen.vm.maySettle
        readonly property real half: (width - 24) / 2

        anchors.bottom: parent.bottom
        width: parent.width
        spacing: 24

        BigButton {
            id: earlier

            objectName: "backdate"
            visible: screen.vm.anyOut
            width: !Theme.portrait ? implicitWidth : foot.both ? foot.half : foot.width
            height: Theme.portrait && !foot.both ? 112 : Theme.primary
            enabled: screen.vm.chosen > 0
            glyph: "history"
            text: foot.both ? Lang.tr("早还了") : Lang.tr("早就还了，忘了登记")
            onClicked: screen.vm.backdate()
        }

        BigButton {
            objectName: "takeBack"
            width: Theme.portrait ? (foot.both ? foot.half : foot.width) : (foot.width - earlier.width - 24 - (foot.both ? 24 : 0)) / (foot.both ? 2 : 1)
            visible: screen.vm.anyOut
            height: Theme.primary
            kind: screen.vm.maySettle ? "secondary" : "primary"
            glyph: "package-import"
            enabled: screen.vm.chosen > 0
            text: screen.vm.chosen > 0 ? Lang.tr("收回 {n} 件，停止计时", {
                "n": screen.vm.chosen
            }) : Lang.tr("请先勾还回来的工具")
            onClicked: screen.vm.takeBack()
        }

        BigButton {
            objectName: "settle"
            width: foot.both && !Theme.portrait ? (foot.width - 48 - earlier.width) / 2 : foot.width
            visible: screen.vm.maySettle
            kind: "primary"
            glyph: "receipt-yuan"
            text: Lang.tr("结算验收好的")
            onClicked: screen.vm.settle()
        }

        Note {
            visible: screen.vm.closed
            width: foot.width
            tone: "ok"
            text: Lang.tr("这一单都还清了")
        }
    }

    over: [
        Item {
            anchors.fill: parent
            visible: screen.vm.losing !== ""
            WhyPanel {
                anchors.fill: parent
                why: screen.vm.why
                question: screen.vm.losing
            }

            BigButton {
                objectName: "stopLosing"
                anchors.bottom: parent.bottom
                width: parent.width
                visible: !screen.vm.why.typing
                glyph: "arrow-left"
                text: Lang.tr("没有丢")
                onClicked: screen.vm.askLost("")
            }
        }
    ]
}

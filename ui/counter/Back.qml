pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("归还")
    lead: Lang.tr("扫一件勾一件，也可以直接点")

    Card {
        id: person

        width: parent.width
        height: 130

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
            height: Math.max(136, fact.implicitHeight + 36)
            radius: Theme.radius
            color: modelData.chosen ? Theme.sky : Theme.card
            border.width: modelData.chosen ? 4 : 2
            border.color: modelData.chosen ? Theme.brand : Theme.hairline

            Fact {
                id: fact

                anchors {
                    left: parent.left
                    leftMargin: 24
                    right: acts.left
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                glyph: row.modelData.state === "settled" ? "circle-check" : row.modelData.glyph
                tint: row.modelData.state === "settled" ? Theme.ok : Theme.brand
                disc: 84
                text: row.modelData.text
                detail: row.modelData.detail
                bold: true
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
                    visible: row.out && !row.modelData.losing
                    height: 100
                    text: Lang.tr("丢了")
                    onClicked: screen.vm.askLost(row.modelData.id)
                }

                BigButton {
                    objectName: "reallyLose" + row.index
                    visible: row.modelData.losing
                    height: 100
                    kind: "danger"
                    text: Lang.tr("确定丢了，照价 {money} 赔", {
                        "money": row.modelData.value
                    })
                    onClicked: screen.vm.lost()
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

    Row {
        id: foot

        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.primary
        spacing: 24

        BigButton {
            objectName: "takeBack"
            width: screen.vm.maySettle ? (parent.width - 24) / 2 : parent.width
            visible: screen.vm.anyOut
            height: parent.height
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
            width: screen.vm.anyOut ? (parent.width - 24) / 2 : parent.width
            visible: screen.vm.maySettle
            kind: "primary"
            glyph: "receipt-yuan"
            text: Lang.tr("结算验收好的")
            onClicked: screen.vm.settle()
        }

        Note {
            visible: screen.vm.closed
            width: parent.width
            tone: "ok"
            text: Lang.tr("这一单都还清了")
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    readonly property bool typing: ["shut", "to_safe", "from_safe", "count"].indexOf(vm.mode) >= 0

    title: Lang.tr("钱箱")

    Item {
        id: told

        width: Theme.portrait ? parent.width : parent.width * 0.46
        height: Theme.portrait ? parent.height * 0.44 : parent.height

        Column {
            width: parent.width
            spacing: 26

            Rectangle {
                width: parent.width
                height: 220
                radius: Theme.radiusLarge
                color: screen.vm.mode === "shut" ? Theme.sky : Theme.okSoft

                Column {
                    anchors.centerIn: parent

                    Caption {
                        anchors.horizontalCenter: parent.horizontalCenter
                        text: screen.vm.mode === "shut" ? Lang.tr("还没有开箱") : Lang.tr("钱箱里应有")
                    }

                    Text {
                        objectName: "expected"
                        anchors.horizontalCenter: parent.horizontalCenter
                        visible: screen.vm.expected !== ""
                        textFormat: Text.PlainText
                        text: screen.vm.expected
                        color: Theme.ok
                        font.pixelSize: 88
                        font.bold: true
                    }
                }
            }

            Repeater {
                model: screen.vm.facts

                Fact {
                    required property var modelData

                    width: parent?.width ?? 0
                    glyph: modelData.glyph
                    text: modelData.text
                    detail: modelData.label
                    bold: true
                }
            }
        }

        BigButton {
            objectName: "day"
            anchors.bottom: parent.bottom
            width: parent.width
            visible: screen.vm.mayDay
            glyph: "chart-bar"
            text: Lang.tr("今天的账")
            onClicked: screen.vm.day()
        }
    }

    Item {
        x: Theme.portrait ? 0 : told.width + 48
        y: Theme.portrait ? told.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Note {
            width: parent.width
            visible: screen.vm.mode === "shut" && !screen.vm.cashier
            text: Lang.tr("收钱要有柜台、工具管理或者财务的岗位")
        }

        Item {
            anchors.fill: parent
            visible: screen.typing && screen.vm.cashier

            Caption {
                id: question

                width: parent.width
                font.pixelSize: Theme.h2
                bold: true
                text: screen.vm.mode === "shut" ? Lang.tr("从保险柜拿多少备用金？") : screen.vm.mode === "count" ? Lang.tr("把钱点一遍，一共多少？") : screen.vm.mode === "to_safe" ? Lang.tr("放多少进保险柜？") : Lang.tr("从保险柜取多少？")
            }

            Entry {
                id: entry

                objectName: "moneyEntry"
                y: question.height + 16
                width: parent.width
                height: 120
                text: screen.vm.amount
                hint: Lang.tr("多少元")
            }

            MoneyPad {
                y: entry.y + entry.height + 20
                width: parent.width
                height: foot.y - 20 - y
                onTyped: key => screen.vm.pad.type(key)
                onErased: screen.vm.pad.erase()
            }

            Row {
                id: foot

                anchors.bottom: parent.bottom
                width: parent.width
                height: Theme.primary
                spacing: 24

                BigButton {
                    objectName: "notNow"
                    width: (parent.width - 24) * 0.35
                    height: parent.height
                    visible: screen.vm.mode !== "shut"
                    glyph: "arrow-left"
                    text: Lang.tr("不了")
                    onClicked: screen.vm.turn(screen.vm.mode)
                }

                BigButton {
                    objectName: "done"
                    width: screen.vm.mode === "shut" ? parent.width : (parent.width - 24) * 0.65
                    kind: "primary"
                    enabled: screen.vm.ready
                    text: screen.vm.mode === "shut" ? Lang.tr("开箱") : screen.vm.mode === "count" ? Lang.tr("点好了，关箱") : Lang.tr("记下")
                    onClicked: screen.vm.done()
                }
            }
        }

        Column {
            width: parent.width
            spacing: 24
            visible: screen.vm.mode === "open"

            BigButton {
                objectName: "count"
                width: parent.width
                kind: "primary"
                glyph: "lock"
                text: Lang.tr("点钱，关箱")
                onClicked: screen.vm.turn("count")
            }

            BigButton {
                objectName: "toSafe"
                width: parent.width
                glyph: "arrow-up"
                text: Lang.tr("放一些进保险柜")
                onClicked: screen.vm.turn("to_safe")
            }

            BigButton {
                objectName: "fromSafe"
                width: parent.width
                glyph: "arrow-down"
                text: Lang.tr("从保险柜取一些")
                onClicked: screen.vm.turn("from_safe")
            }
        }

        Column {
            width: parent.width
            spacing: 20
            visible: screen.vm.mode === "reason"

            Note {
                width: parent.width
                tone: "warn"
                text: screen.vm.difference
            }

            Caption {
                width: parent.width
                text: Lang.tr("为什么？选一个原因就关箱")
                font.pixelSize: Theme.h2
                bold: true
            }

            Grid {
                id: reasons

                width: parent.width
                columns: 2
                spacing: 20

                Repeater {
                    model: screen.vm.reasons

                    BigButton {
                        required property string modelData
                        required property int index

                        objectName: "reason" + index
                        width: (reasons.width - 20) / 2
                        text: modelData
                        onClicked: screen.vm.explain(index)
                    }
                }
            }

            BigButton {
                objectName: "countAgain"
                width: parent.width
                glyph: "refresh"
                text: Lang.tr("再点一遍")
                onClicked: screen.vm.turn("count")
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("收押金，交工具")
    lead: vm.who

    ListView {
        id: list

        width: Theme.portrait ? parent.width : parent.width * 0.46
        height: (Theme.portrait ? parent.height * 0.4 : parent.height) - (late.visible ? late.height + 16 : 0)
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.lines

        delegate: Card {
            id: row

            required property var modelData

            width: list.width
            height: 140
            radius: Theme.radius

            Fact {
                anchors {
                    left: parent.left
                    leftMargin: 24
                    right: money.left
                    rightMargin: 16
                    verticalCenter: parent.verticalCenter
                }
                glyph: row.modelData.glyph
                disc: 84
                text: row.modelData.text
                detail: row.modelData.detail
                bold: true
            }

            Caption {
                id: money

                anchors {
                    right: parent.right
                    rightMargin: 28
                    verticalCenter: parent.verticalCenter
                }
                text: row.modelData.side
                bold: true
            }
        }
    }

    Row {
        id: late

        y: list.height + 16
        width: list.width
        spacing: 16
        visible: screen.vm.earlier !== ""

        Note {
            id: since

            width: parent.width - other.width - 16
            glyph: "history"
            text: screen.vm.earlier
        }

        BigButton {
            id: other

            objectName: "backdate"
            height: since.height
            text: Lang.tr("改时间")
            onClicked: screen.vm.backdate()
        }
    }

    Item {
        x: Theme.portrait ? 0 : list.width + 48
        y: Theme.portrait ? parent.height * 0.4 + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Column {
            width: parent.width
            spacing: 28

            Rectangle {
                width: parent.width
                height: 236
                radius: Theme.radiusLarge
                color: screen.vm.taken || screen.vm.free ? Theme.okSoft : Theme.paySoft

                Column {
                    anchors.centerIn: parent
                    spacing: 0

                    Caption {
                        anchors.horizontalCenter: parent.horizontalCenter
                        text: screen.vm.free ? Lang.tr("不收押金") : screen.vm.taken ? Lang.tr("押金已经收了") : Lang.tr("请收押金")
                    }

                    Text {
                        objectName: "depositSum"
                        anchors.horizontalCenter: parent.horizontalCenter
                        textFormat: Text.PlainText
                        text: screen.vm.deposit
                        color: screen.vm.taken || screen.vm.free ? Theme.ok : Theme.pay
                        font.pixelSize: Theme.display
                        font.bold: true
                    }
                }
            }

            Note {
                width: parent.width
                visible: screen.vm.drawerMissing
                tone: "warn"
                text: Lang.tr("您还没有开钱箱，收不了钱")
            }

            Caption {
                visible: !screen.vm.drawerMissing
                text: Lang.tr("最晚什么时候还？")
                bold: true
            }

            Grid {
                id: days

                width: parent.width
                visible: !screen.vm.drawerMissing
                columns: 2
                spacing: 16

                Repeater {
                    model: screen.vm.dues

                    Chip {
                        required property var modelData

                        objectName: "due" + modelData.day
                        width: (days.width - 16) / 2
                        height: 96
                        text: modelData.text
                        checked: modelData.chosen
                        onClicked: screen.vm.chooseDay(modelData.day)
                    }
                }
            }
        }

        Column {
            anchors.bottom: parent.bottom
            width: parent.width
            spacing: 20

            BigButton {
                objectName: "stop"
                width: parent.width
                height: 96
                glyph: screen.vm.stopping ? "arrow-left" : "x"
                text: screen.vm.stopping ? Lang.tr("接着借") : Lang.tr("不借了")
                onClicked: screen.vm.askStop()
            }

            BigButton {
                objectName: "reallyStop"
                visible: screen.vm.stopping
                width: parent.width
                height: Theme.primary
                kind: "danger"
                text: screen.vm.taken ? Lang.tr("确定不借，退押金 {money}", {
                    "money": screen.vm.deposit
                }) : Lang.tr("确定不借")
                onClicked: screen.vm.stop()
            }

            BigButton {
                objectName: screen.vm.drawerMissing ? "openDrawer" : "handOut"
                visible: !screen.vm.stopping
                width: parent.width
                kind: "primary"
                glyph: screen.vm.drawerMissing ? "cash-banknote" : "check"
                text: screen.vm.drawerMissing ? Lang.tr("去开钱箱") : screen.vm.free || screen.vm.taken ? Lang.tr("交工具，打凭条") : Lang.tr("收好 {money}，交工具", {
                    "money": screen.vm.deposit
                })
                onClicked: screen.vm.drawerMissing ? screen.vm.openDrawer() : screen.vm.handOut()
            }
        }
    }
}

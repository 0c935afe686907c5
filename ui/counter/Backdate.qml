pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// The day, the hour, the quarter; then somebody else says so too.
Frame {
    id: screen

    covered: vm.witness.open
    title: vm.returning ? Lang.tr("忘了登记归还") : Lang.tr("忘了登记借出")
    lead: vm.returning ? Lang.tr("工具实际是什么时候还的？") : Lang.tr("工具实际是什么时候拿走的？")

    Row {
        id: day

        width: parent.width
        height: 130
        spacing: 20

        BigButton {
            objectName: "earlier"
            width: Theme.portrait ? 260 : 380
            height: parent.height
            enabled: screen.vm.days < screen.vm.most
            glyph: "minus"
            text: Lang.tr("早一天")
            onClicked: screen.vm.step(1)
        }

        Card {
            width: parent.width - 2 * (Theme.portrait ? 280 : 400)
            height: parent.height

            Caption {
                anchors.centerIn: parent
                width: parent.width - 24
                horizontalAlignment: Text.AlignHCenter
                text: screen.vm.day
                font.pixelSize: Theme.portrait ? Theme.body : Theme.h2
                bold: true
            }
        }

        BigButton {
            objectName: "later"
            width: Theme.portrait ? 260 : 380
            height: parent.height
            enabled: screen.vm.days > 0
            glyph: "plus"
            text: Lang.tr("晚一天")
            onClicked: screen.vm.step(-1)
        }
    }

    Grid {
        id: hours

        y: day.y + day.height + 28
        width: parent.width
        columns: Theme.portrait ? 4 : 8
        spacing: 16

        Repeater {
            model: screen.vm.hours

            Chip {
                required property var modelData

                objectName: "hour" + modelData.value
                width: (hours.width - (hours.columns - 1) * 16) / hours.columns
                height: 104
                size: Theme.h2
                text: Lang.tr("{n} 点", {
                    "n": modelData.text
                })
                checked: modelData.chosen
                onClicked: screen.vm.chooseHour(modelData.value)
            }
        }
    }

    Row {
        id: quarters

        y: hours.y + hours.height + 28
        width: parent.width
        height: 104
        spacing: 16

        Repeater {
            model: screen.vm.quarters

            Chip {
                required property var modelData

                objectName: "quarter" + modelData.value
                width: (quarters.width - 48) / 4
                height: 104
                size: Theme.h2
                text: modelData.text
                checked: modelData.chosen
                onClicked: screen.vm.chooseQuarter(modelData.value)
            }
        }
    }

    Note {
        y: quarters.y + quarters.height + 28
        width: parent.width
        tone: screen.vm.wrong !== "" ? "error" : "info"
        text: screen.vm.wrong !== "" ? screen.vm.wrong : screen.vm.chosen === "" ? Lang.tr("补记要两个人：您和另一位工作人员，台账上都会写明") : Lang.tr("{time}，请另一位工作人员确认", {
            "time": screen.vm.chosen
        })
    }

    BigButton {
        objectName: "confirm"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        glyph: "users"
        enabled: screen.vm.ready
        text: screen.vm.chosen === "" ? Lang.tr("请先选时间") : Lang.tr("请另一个人确认")
        onClicked: screen.vm.confirm()
    }

    over: [
        WitnessPanel {
            anchors.fill: parent
            witness: screen.vm.witness
        }
    ]
}

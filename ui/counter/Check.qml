pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("查单")
    lead: Lang.tr("用扫码枪扫单子上的码，或者输入单号")

    Item {
        id: pad

        width: Theme.portrait ? parent.width : parent.width * 0.42
        height: Theme.portrait ? parent.height * 0.45 : parent.height

        Entry {
            id: entry

            objectName: "slipNumber"
            width: parent.width
            text: screen.vm.typed
            hint: Lang.tr("单号，例如 01-000012")
        }

        Keypad {
            y: entry.height + 24
            width: parent.width
            height: parent.height - y
            onTyped: key => screen.vm.type(key)
            onErased: screen.vm.erase()
            onCleared: screen.vm.clear()
        }
    }

    Item {
        x: Theme.portrait ? 0 : pad.width + 56
        y: Theme.portrait ? pad.height + 24 : 0
        width: parent.width - x
        height: parent.height - y

        Column {
            anchors.centerIn: parent
            width: parent.width - 80
            spacing: 32
            visible: screen.vm.standing === ""

            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: "qrcode"
                size: 200
            }

            Caption {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                font.pixelSize: Theme.h2
                text: Lang.tr("等着扫码…")
                color: Theme.ink2
            }
        }

        Card {
            anchors.fill: parent
            visible: screen.vm.standing !== ""

            Rectangle {
                id: verdict

                readonly property color tint: screen.vm.verdict === "ok" ? Theme.ok : screen.vm.verdict === "error" ? Theme.error : Theme.pay

                width: parent.width
                height: Math.max(236, words.implicitHeight + 64)
                radius: Theme.radiusLarge
                color: screen.vm.verdict === "ok" ? Theme.okSoft : screen.vm.verdict === "error" ? Theme.errorSoft : Theme.paySoft

                Icon {
                    id: sign

                    x: 40
                    anchors.verticalCenter: parent.verticalCenter
                    name: screen.vm.verdict === "ok" ? "circle-check" : screen.vm.verdict === "error" ? "circle-x" : "alert-triangle"
                    tint: verdict.tint
                    size: 132
                }

                Column {
                    id: words

                    anchors {
                        left: sign.right
                        leftMargin: 36
                        right: parent.right
                        rightMargin: 36
                        verticalCenter: parent.verticalCenter
                    }
                    spacing: 8

                    Caption {
                        objectName: "standing"
                        width: parent.width
                        text: screen.vm.standing
                        color: verdict.tint
                        font.pixelSize: Theme.hero
                        lineHeight: 1.1
                        bold: true
                    }

                    Caption {
                        width: parent.width
                        text: screen.vm.meaning
                    }
                }
            }

            Grid {
                id: facts

                x: 48
                y: verdict.height + 36
                width: parent.width - 96
                columns: Theme.portrait ? 1 : 2
                columnSpacing: 24
                rowSpacing: 28

                Repeater {
                    model: screen.vm.facts

                    Fact {
                        required property var modelData

                        width: (facts.width - (facts.columns - 1) * 24) / facts.columns
                        glyph: modelData.glyph
                        text: modelData.text
                        detail: modelData.label
                        bold: true
                    }
                }
            }
        }
    }
}

import QtQuick
import ui.controls

// A sentence, what to do next, a button.
Page {
    id: screen

    title: vm.sentence
    lead: vm.advice

    info: Item {
        anchors.fill: parent

        Rectangle {
            visible: !Theme.portrait
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.max(0, (parent.height - height) / 2)
            width: 360
            height: 360
            radius: 180
            color: Theme.sky

            Icon {
                anchors.centerIn: parent
                name: screen.vm.ours ? "tools" : "hand-stop"
                size: 200
            }
        }
    }

    Column {
        y: Theme.portrait ? 0 : Math.max(0, (parent.height - button.height - 32 - words.height) / 2)
        width: parent.width
        height: parent.height - button.height - 32 - y
        spacing: 28

        Item {
            visible: Theme.portrait
            width: parent.width
            height: Math.max(320, parent.height - words.height - 28 - 60)

            Rectangle {
                anchors.centerIn: parent
                width: 360
                height: 360
                radius: 180
                color: Theme.sky

                Icon {
                    anchors.centerIn: parent
                    name: screen.vm.ours ? "tools" : "hand-stop"
                    size: 200
                }
            }
        }

        Card {
            id: words

            width: parent.width
            height: lines.height + 72

            Column {
                id: lines

                x: 40
                y: 36
                width: parent.width - 80
                spacing: 20

                Caption {
                    objectName: "errorRule"
                    width: parent.width
                    visible: text !== ""
                    text: screen.vm.rule
                    font.pixelSize: Theme.h2
                }

                Caption {
                    width: parent.width
                    visible: text !== ""
                    text: screen.vm.law
                    color: Theme.ink2
                }

                Fact {
                    width: parent.width
                    disc: 96
                    glyph: "headset"
                    text: Lang.tr("工作人员在服务窗口")
                    detail: screen.vm.hotline !== "" ? Lang.tr("也可以打 {number}", {
                        "number": screen.vm.hotline
                    }) : ""
                    size: Theme.h2
                }
            }
        }
    }

    BigButton {
        id: button

        objectName: "goOn"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        text: screen.vm.button
        onClicked: screen.vm.goOn()
    }
}

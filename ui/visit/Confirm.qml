pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("是您本人吗？")
    lead: screen.vm.known ? Lang.tr("您以前登记过，欢迎再来") : Lang.tr("请核对一下，不对就点“不是我”")

    info: Item {
        anchors.fill: parent

        Icon {
            visible: !Theme.portrait
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.max(0, (parent.height - height) / 2)
            name: "id"
            size: 300
        }
    }

    Card {
        id: person

        y: Theme.portrait ? Math.min(0, -80) : 0
        width: parent.width
        height: Math.min(parent.height - buttons.height - 36 - y, Theme.portrait ? 820 : 640)

        Column {
            anchors {
                left: parent.left
                right: parent.right
                margins: 56
                verticalCenter: parent.verticalCenter
            }
            spacing: 28

            Row {
                width: parent.width
                spacing: 44

                Rectangle {
                    width: 188
                    height: 188
                    radius: 94
                    color: Theme.sky

                    Icon {
                        anchors.centerIn: parent
                        name: "user"
                        size: 116
                    }
                }

                Column {
                    anchors.verticalCenter: parent.verticalCenter
                    width: parent.width - 232

                    Text {
                        objectName: "confirmName"
                        width: parent.width
                        textFormat: Text.PlainText
                        text: screen.vm.name
                        color: Theme.ink
                        font.pixelSize: Theme.display
                        font.bold: true
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.h2
                    }

                    Caption {
                        width: parent.width
                        text: screen.vm.sex + "　" + screen.vm.born
                        font.pixelSize: Theme.h2
                    }
                }
            }

            Rectangle {
                width: parent.width
                height: 2
                color: Theme.hairline
            }

            Column {
                width: parent.width

                Caption {
                    text: Lang.tr("身份证号码")
                    color: Theme.ink2
                }

                Text {
                    objectName: "confirmNumber"
                    width: parent.width
                    textFormat: Text.PlainText
                    text: screen.vm.number
                    color: Theme.ink
                    font.pixelSize: 60
                    font.bold: true
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.body
                }

                Caption {
                    width: parent.width
                    text: screen.vm.source
                    color: Theme.ink2
                }
            }

            Repeater {
                model: screen.vm.questions

                Note {
                    required property string modelData

                    width: parent?.width ?? 0
                    tone: "warn"
                    text: modelData
                }
            }
        }
    }

    Column {
        id: buttons

        anchors.bottom: parent.bottom
        width: parent.width
        spacing: Theme.gap

        BigButton {
            objectName: "yes"
            width: parent.width
            kind: "primary"
            height: Theme.portrait ? 168 : Theme.primary
            glyph: "check"
            text: Lang.tr("是我")
            onClicked: screen.vm.yes()
        }

        BigButton {
            objectName: "no"
            width: parent.width
            glyph: "x"
            text: Lang.tr("不是我，重来")
            onClicked: screen.vm.no()
        }
    }
}

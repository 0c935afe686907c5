pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// The level of each chosen trade; nobody has to come here.
Item {
    id: sheet

    property var trades: []
    property var levels: []

    signal picked(trade: string, level: string)
    signal closed

    MouseArea {
        objectName: "levelGround"
        anchors.fill: parent
        Accessible.role: Accessible.Button
        Accessible.name: Lang.tr("关上")
        onClicked: sheet.closed()

        Rectangle {
            anchors.fill: parent
            color: "#A612303F"
        }
    }

    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: Math.min(content.height + 96, parent.height * (Theme.portrait ? 0.64 : 0.86))
        color: Theme.bg
        radius: Theme.radiusLarge

        MouseArea {
            anchors.fill: parent
            Accessible.ignored: true
        }

        Flickable {
            id: flick

            anchors {
                fill: parent
                margins: 48
                bottomMargin: Theme.primary + 72
            }
            contentHeight: list.height
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            Column {
                id: list

                width: flick.width
                spacing: 32

                Caption {
                    text: Lang.tr("什么等级？有证就选，没有就不用选")
                    font.pixelSize: Theme.h2
                    bold: true
                    width: parent.width
                }

                Repeater {
                    model: sheet.trades

                    Column {
                        id: line

                        required property var modelData

                        width: list.width
                        spacing: 16

                        Row {
                            spacing: 18

                            Icon {
                                anchors.verticalCenter: parent.verticalCenter
                                name: line.modelData.glyph
                                size: 56
                            }

                            Caption {
                                anchors.verticalCenter: parent.verticalCenter
                                text: line.modelData.text
                                font.pixelSize: Theme.h2
                                bold: true
                            }
                        }

                        Flow {
                            width: parent.width
                            spacing: 16

                            Repeater {
                                model: sheet.levels

                                Chip {
                                    required property var modelData

                                    objectName: "level_" + line.modelData.key + "_" + modelData.key
                                    text: modelData.text
                                    checked: line.modelData.level === modelData.key
                                    onClicked: sheet.picked(line.modelData.key, modelData.key)
                                }
                            }
                        }
                    }
                }
            }
        }

        Item {
            id: content

            width: 1
            height: list.height + Theme.primary + 72
        }

        BigButton {
            objectName: "levelsDone"
            anchors {
                left: parent.left
                right: parent.right
                bottom: parent.bottom
                margins: 40
            }
            kind: "primary"
            text: Lang.tr("好了")
            onClicked: sheet.closed()
        }
    }
}

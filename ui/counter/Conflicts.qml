pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("两边不一样")
    lead: Lang.tr("几台机器各写各的，请人来定")

    ListView {
        id: list

        objectName: "conflictList"
        width: Theme.portrait ? parent.width : parent.width * 0.44
        height: Theme.portrait ? parent.height * 0.36 : parent.height
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.conflicts

        delegate: RowButton {
            required property var modelData
            required property int index

            objectName: "conflict" + index
            width: list.width
            glyph: "scale"
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
        visible: screen.vm.known && screen.vm.conflicts.length === 0
        text: Lang.tr("没有两边不一样的")
    }

    Item {
        x: Theme.portrait ? 0 : list.width + 40
        y: Theme.portrait ? list.height + 20 : 0
        width: parent.width - x
        height: parent.height - y
        visible: screen.vm.chosen >= 0

        Note {
            id: meaning

            width: parent.width
            text: screen.vm.meaning
        }

        Card {
            id: table

            y: meaning.height + 20
            width: parent.width
            height: Math.min(rows.contentHeight + 92, acts.y - 24 - y)
            visible: screen.vm.sides.length > 0

            Row {
                id: heads

                x: 24
                y: 16
                width: parent.width - 48

                Item {
                    width: parent.width * 0.24
                    height: 1
                }

                Repeater {
                    model: screen.vm.heads

                    Caption {
                        required property string modelData

                        width: heads.width * 0.38
                        text: modelData
                        color: Theme.ink2
                        font.pixelSize: Theme.least
                    }
                }
            }

            ListView {
                id: rows

                objectName: "sideList"
                x: 24
                y: 68
                width: parent.width - 48
                height: parent.height - 84
                clip: true
                spacing: 10
                boundsBehavior: Flickable.StopAtBounds
                model: screen.vm.sides

                delegate: Row {
                    id: line

                    required property var modelData

                    width: ListView.view.width

                    Caption {
                        width: line.width * 0.24
                        text: line.modelData.fact
                        color: Theme.ink2
                    }

                    Caption {
                        width: line.width * 0.38
                        text: line.modelData.stands
                        bold: true
                    }

                    Caption {
                        width: line.width * 0.38
                        text: line.modelData.other
                        color: Theme.pay
                        bold: true
                    }
                }
            }
        }

        Row {
            id: acts

            anchors.bottom: parent.bottom
            width: parent.width
            layoutDirection: Qt.RightToLeft // the first choice is the usual one
            spacing: 20

            Repeater {
                model: screen.vm.choices

                BigButton {
                    required property var modelData
                    required property int index

                    objectName: "choice_" + modelData.choice
                    width: (acts.width - (screen.vm.choices.length - 1) * 20) / screen.vm.choices.length
                    height: 140
                    kind: index === 0 ? "primary" : "secondary"
                    size: Theme.body
                    glyph: modelData.glyph
                    text: modelData.text
                    onClicked: screen.vm.resolve(modelData.choice)
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// The end of a task: what was done, and its paper.
Frame {
    id: screen

    title: vm.heading

    Rectangle {
        id: paper

        width: Theme.portrait ? parent.width : parent.width * 0.42
        height: Theme.portrait ? parent.height * 0.45 : parent.height
        radius: Theme.radiusLarge
        color: Theme.sky

        Flickable {
            anchors.fill: parent
            anchors.margins: 24
            clip: true
            contentHeight: picture.height
            boundsBehavior: Flickable.StopAtBounds

            Image {
                id: picture

                objectName: "paperPicture"
                anchors.horizontalCenter: parent.horizontalCenter
                width: Math.min(parent.width, 576)
                height: width * implicitHeight / Math.max(1, implicitWidth)
                source: screen.vm.paper.picture
                cache: false
                smooth: true
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : paper.width + 48
        y: Theme.portrait ? paper.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Column {
            width: parent.width
            spacing: 28

            Note {
                width: parent.width
                tone: screen.vm.paper.tone
                glyph: "printer"
                text: screen.vm.paper.words
            }

            Grid {
                id: facts

                width: parent.width
                columns: screen.vm.facts.length > 3 ? 2 : 1
                spacing: 28

                Repeater {
                    model: screen.vm.facts

                    Fact {
                        required property var modelData

                        width: (facts.width - (facts.columns - 1) * 28) / facts.columns
                        glyph: modelData.glyph
                        text: modelData.text
                        detail: modelData.label
                        size: Theme.h2
                        bold: true
                    }
                }
            }
        }

        Row {
            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.primary
            spacing: 24

            BigButton {
                objectName: "nextOne"
                width: (parent.width - 24) / 2
                height: parent.height
                text: screen.vm.again
                onClicked: screen.vm.next()
            }

            BigButton {
                objectName: "finish"
                width: (parent.width - 24) / 2
                kind: "primary"
                glyph: "home"
                text: Lang.tr("主页")
                onClicked: screen.vm.home()
            }
        }
    }
}

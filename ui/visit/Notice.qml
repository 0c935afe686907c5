pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Page {
    id: screen

    title: vm.title
    lead: vm.lead
    glyph: vm.glyph
    wide: true

    Flickable {
        id: scroll

        width: parent.width
        height: parent.height - ok.height - 28 - (note.visible ? note.height + 24 : 0)
        contentHeight: lines.height
        interactive: contentHeight > height
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Grid {
            id: lines

            readonly property bool twice: !Theme.portrait && screen.vm.numbered
            readonly property real each: twice ? (width - spacing) / 2 : width

            width: scroll.width
            columns: twice ? 2 : 1
            spacing: Theme.portrait && screen.vm.counter ? 32 : 24

            Repeater {
                model: screen.vm.lines

                Card {
                    id: line

                    required property string modelData
                    required property int index

                    width: lines.each
                    height: Math.max(lines.twice ? 136 : screen.vm.counter ? 168 : 120, words.height + (lines.twice ? 40 : 56))

                    Rectangle {
                        id: number

                        x: 36
                        anchors.verticalCenter: parent.verticalCenter
                        visible: screen.vm.numbered
                        width: 80
                        height: 80
                        radius: 40
                        color: Theme.brand

                        Caption {
                            anchors.centerIn: parent
                            text: line.index + 1
                            color: Theme.paper
                            font.pixelSize: Theme.h2
                            bold: true
                        }
                    }

                    Caption {
                        id: words

                        anchors {
                            left: parent.left
                            leftMargin: screen.vm.numbered ? 148 : 40
                            right: parent.right
                            rightMargin: 36
                            verticalCenter: parent.verticalCenter
                        }
                        text: line.modelData
                        font.pixelSize: screen.vm.counter && Theme.portrait ? Theme.h2 : Theme.body
                    }
                }
            }
        }
    }

    Note {
        id: note

        visible: screen.vm.counter && screen.vm.hotline !== ""
        y: ok.y - height - 28
        width: parent.width
        height: 132
        glyph: "headset"
        text: Lang.tr("以后在这里就能办。现在请到服务窗口，或者打 {number}", {
            "number": screen.vm.hotline
        })
    }

    BigButton {
        id: ok

        objectName: "ok"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        text: Lang.tr("知道了")
        onClicked: screen.vm.back()
    }
}

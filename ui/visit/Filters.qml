pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("想要什么样的活？")
    lead: Lang.tr("点一下选上，再点一下去掉")
    wide: true

    Column {
        id: rows

        y: Theme.portrait ? Math.max(0, Math.min(screen.third - parent.y - 68, parent.height - buttons.height - 28 - height)) : 0
        width: parent.width
        spacing: Theme.portrait ? 30 : 14

        Repeater {
            model: screen.vm.rows

            Item {
                id: line

                required property var modelData

                width: rows.width
                height: Theme.portrait ? name.height + 14 + choices.height : Math.max(choices.height, 86)

                Row {
                    id: name

                    spacing: 16
                    height: Theme.portrait ? 56 : 86

                    Icon {
                        anchors.verticalCenter: parent.verticalCenter
                        name: line.modelData.glyph
                        size: 48
                    }

                    Caption {
                        anchors.verticalCenter: parent.verticalCenter
                        width: Theme.portrait ? implicitWidth : screen.width < 1500 ? 240 : 340
                        text: line.modelData.title
                        bold: true
                    }
                }

                Flow {
                    id: choices

                    x: Theme.portrait ? 0 : screen.width < 1500 ? 320 : 430
                    y: Theme.portrait ? name.height + 14 : 0
                    width: parent.width - x
                    spacing: 12

                    Repeater {
                        model: line.modelData.choices

                        Chip {
                            required property var modelData
                            required property int index

                            objectName: "filter_" + line.modelData.key + index
                            text: modelData.text
                            checked: modelData.chosen
                            onClicked: screen.vm.pick(line.modelData.key, index)
                        }
                    }
                }
            }
        }
    }

    Row {
        id: buttons

        anchors.bottom: parent.bottom
        width: parent.width
        spacing: Theme.gap

        BigButton {
            id: reset

            objectName: "reset"
            height: Theme.primary
            glyph: "eraser"
            text: Lang.tr("全去掉")
            onClicked: screen.vm.reset()
        }

        BigButton {
            objectName: "apply"
            width: parent.width - reset.width - Theme.gap
            kind: "primary"
            text: screen.vm.count < 0 ? Lang.tr("正在找…") : screen.vm.count === 0 ? Lang.tr("没有这样的活") : Lang.tr("看这 {n} 个活", {
                "n": screen.vm.count
            })
            onClicked: screen.vm.apply()
        }
    }
}

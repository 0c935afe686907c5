pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("打印")
    lead: vm.counts

    Flow {
        id: machines

        width: parent.width
        spacing: 20

        Repeater {
            model: screen.vm.printers

            Note {
                required property var modelData

                width: Math.min(machines.width, Math.max(560, (machines.width - 20) / 2))
                glyph: "printer"
                tone: modelData.tone
                text: modelData.name + "　" + modelData.text
            }
        }

        Note {
            width: machines.width
            visible: screen.vm.known && screen.vm.printers.length === 0
            tone: "warn"
            glyph: "printer-off"
            text: Lang.tr("这台机器没有接打印机，单子只在屏幕上")
        }
    }

    Item {
        id: body

        y: machines.height + 24
        width: parent.width
        height: parent.height - y

        ListView {
            id: list

            objectName: "paperList"
            width: Theme.portrait ? parent.width : parent.width * 0.54
            height: Theme.portrait ? parent.height * 0.5 : parent.height
            clip: true
            spacing: 18
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.papers

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "paper" + index
                width: list.width
                glyph: modelData.mine ? "alert-triangle" : "hourglass"
                tint: modelData.mine ? Theme.pay : Theme.brand
                text: modelData.text
                detail: modelData.reason === "" ? modelData.state : modelData.state + Lang.tr("：") + modelData.reason
                side: modelData.when
                checked: screen.vm.chosen === modelData.id
                onClicked: screen.vm.choose(modelData.id)
            }
        }

        Nothing {
            anchors.centerIn: list
            width: list.width - 80
            visible: screen.vm.known && screen.vm.papers.length === 0
            text: Lang.tr("单子都打好了，没有要处理的")
        }

        Item {
            id: paper

            x: Theme.portrait ? 0 : list.width + 48
            y: Theme.portrait ? list.height + 24 : 0
            width: parent.width - x
            height: parent.height - y

            Rectangle {
                width: parent.width
                height: parent.height - acts.height - (acts.height > 0 ? 24 : 0)
                radius: Theme.radiusLarge
                color: Theme.sky

                Caption {
                    anchors.centerIn: parent
                    width: parent.width - 80
                    visible: screen.vm.chosen === ""
                    horizontalAlignment: Text.AlignHCenter
                    color: Theme.ink2
                    text: Lang.tr("点一张，看看是哪张单子")
                }

                Flickable {
                    anchors.fill: parent
                    anchors.margins: 24
                    visible: screen.vm.chosen !== ""
                    clip: true
                    contentHeight: picture.height
                    boundsBehavior: Flickable.StopAtBounds

                    Image {
                        id: picture

                        anchors.horizontalCenter: parent.horizontalCenter
                        width: Math.min(parent.width, 576)
                        height: width * implicitHeight / Math.max(1, implicitWidth)
                        source: screen.vm.preview
                        cache: false
                        smooth: true
                    }
                }
            }

            Column {
                id: acts

                anchors.bottom: parent.bottom
                width: parent.width
                spacing: 20

                Caption {
                    width: parent.width
                    visible: screen.vm.acts.indexOf("confirm") >= 0
                    text: Lang.tr("请看看打印机：这张纸出来了吗？")
                    font.pixelSize: Theme.h2
                    bold: true
                }

                Row {
                    width: parent.width
                    spacing: 24
                    visible: screen.vm.acts.indexOf("confirm") >= 0

                    BigButton {
                        objectName: "confirm"
                        width: (parent.width - 24) / 2
                        height: Theme.primary
                        glyph: "check"
                        text: Lang.tr("已出纸")
                        onClicked: screen.vm.confirm()
                    }

                    BigButton {
                        objectName: "reprint"
                        width: (parent.width - 24) / 2
                        kind: "primary"
                        glyph: "printer"
                        text: Lang.tr("没有，补打")
                        onClicked: screen.vm.reprint()
                    }
                }

                BigButton {
                    objectName: "retry"
                    visible: screen.vm.acts.indexOf("retry") >= 0
                    width: parent.width
                    kind: "primary"
                    glyph: "printer"
                    text: Lang.tr("重打")
                    onClicked: screen.vm.retry()
                }
            }
        }
    }
}

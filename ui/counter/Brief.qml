pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Notices at the left, accessories at the right; standing one below the other.
Frame {
    id: screen

    covered: vm.asking !== ""
    title: Lang.tr("安全须知和配件")
    lead: Lang.tr("讲给 {name} 听，一样一样点清", {
        "name": vm.who
    })

    Flickable {
        id: told

        objectName: "noticeList"
        width: Theme.portrait ? parent.width : parent.width * 0.54
        height: Theme.portrait ? (parent.height - next.height) * 0.5 - 20 : parent.height
        contentHeight: notices.height
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Column {
            id: notices

            width: told.width
            spacing: 20

            Repeater {
                model: screen.vm.notices

                Card {
                    id: notice

                    required property var modelData
                    required property int index

                    width: notices.width
                    height: lines.height + tick.height + 76

                    Column {
                        id: lines

                        x: 32
                        y: 28
                        width: parent.width - 64
                        spacing: 8

                        Repeater {
                            model: notice.modelData.notice

                            Caption {
                                required property string modelData

                                width: parent?.width ?? 0
                                text: "· " + modelData
                            }
                        }
                    }

                    Tick {
                        id: tick

                        objectName: "told" + notice.index
                        x: 24
                        y: lines.y + lines.height + 24
                        width: parent.width - 48
                        height: 124
                        glyph: notice.modelData.glyph
                        text: Lang.tr("{name}：讲明白了", {
                            "name": notice.modelData.text
                        })
                        checked: notice.modelData.told
                        onClicked: screen.vm.tick(notice.modelData.id)
                    }
                }
            }

            Note {
                width: parent.width
                visible: screen.vm.notices.length === 0
                tone: "ok"
                text: Lang.tr("这几件没有特别的安全须知")
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : told.width + 40
        y: Theme.portrait ? told.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        ListView {
            id: list

            objectName: "accessoryList"
            width: parent.width
            height: parent.height - next.height - 24 - (short.count > 0 ? short.height + 20 : 0)
            clip: true
            spacing: 16
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.accessories

            delegate: Card {
                id: row

                required property var modelData
                required property int index

                width: list.width
                height: 132
                radius: Theme.radius

                Column {
                    anchors {
                        left: parent.left
                        leftMargin: 28
                        right: counter.left
                        rightMargin: 16
                        verticalCenter: parent.verticalCenter
                    }

                    Caption {
                        width: parent.width
                        text: row.modelData.name
                        bold: true
                        lineHeight: 1.15
                    }

                    Caption {
                        width: parent.width
                        text: row.modelData.of
                        color: Theme.ink2
                        font.pixelSize: Theme.least
                        lineHeight: 1.15
                    }
                }

                Row {
                    id: counter

                    anchors {
                        right: parent.right
                        rightMargin: 18
                        verticalCenter: parent.verticalCenter
                    }
                    spacing: 14

                    BigButton {
                        objectName: "less" + row.index
                        width: 96
                        height: 96
                        glyph: "minus"
                        enabled: row.modelData.pieces > 0
                        Accessible.name: Lang.tr("少一件")
                        onClicked: screen.vm.change(row.modelData.line, row.modelData.name, -1)
                    }

                    Caption {
                        anchors.verticalCenter: parent.verticalCenter
                        width: 64
                        horizontalAlignment: Text.AlignHCenter
                        text: row.modelData.pieces
                        color: row.modelData.pieces < row.modelData.most ? Theme.pay : Theme.ink
                        font.pixelSize: Theme.h1
                        bold: true
                    }

                    BigButton {
                        objectName: "more" + row.index
                        width: 96
                        height: 96
                        glyph: "plus"
                        enabled: row.modelData.pieces < row.modelData.most
                        Accessible.name: Lang.tr("多一件")
                        onClicked: screen.vm.change(row.modelData.line, row.modelData.name, 1)
                    }
                }
            }
        }

        Caption {
            anchors.centerIn: list
            visible: screen.vm.accessories.length === 0
            text: Lang.tr("没有配件")
            color: Theme.ink2
        }

        ListView {
            id: short

            objectName: "fewerList"
            y: next.y - 20 - height
            width: parent.width
            height: Math.min(contentHeight, 294)
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.fewer

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "fewer" + index
                width: short.width
                height: 140
                glyph: modelData.why === "" ? "question-mark" : "edit"
                tint: modelData.why === "" ? Theme.pay : Theme.brand
                marked: modelData.why === ""
                text: modelData.why === "" ? Lang.tr("配件为什么没给全？") : modelData.why
                detail: modelData.text
                arrow: true
                onClicked: screen.vm.askWhy(modelData.line)
            }
        }

        BigButton {
            id: next

            objectName: "next"
            anchors.bottom: parent.bottom
            width: parent.width
            kind: "primary"
            glyph: "signature"
            enabled: screen.vm.ready
            text: screen.vm.ready ? Lang.tr("点清了，请本人签字") : screen.vm.missing
            onClicked: screen.vm.goOn()
        }
    }

    over: [
        Item {
            anchors.fill: parent
            visible: screen.vm.asking !== ""
            WhyPanel {
                anchors.fill: parent
                why: screen.vm.why
                question: screen.vm.asking
            }

            BigButton {
                objectName: "stopAsking"
                anchors.bottom: parent.bottom
                width: parent.width
                visible: !screen.vm.why.typing
                glyph: "arrow-left"
                text: Lang.tr("再点一遍配件")
                onClicked: screen.vm.askWhy("")
            }
        }
    ]
}

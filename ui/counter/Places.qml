pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Places at the left; at the right what lies on the one in hand, or the pad for a name, or where to.
Frame {
    id: screen

    title: Lang.tr("存放点")
    lead: Lang.tr("选一个地方，扫标签就放到那里")

    Item {
        id: left

        width: Theme.portrait ? parent.width : parent.width * (screen.width < 1500 ? 0.34 : 0.38)
        height: Theme.portrait ? parent.height * 0.4 : parent.height

        ListView {
            id: places

            objectName: "placeList"
            width: parent.width
            height: parent.height - add.height - 20
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.places.length

            delegate: RowButton {
                required property int index
                readonly property var row: screen.vm.places[index] ?? null

                objectName: "place" + index
                width: places.width
                implicitHeight: 116
                glyph: "map-pin"
                tint: row?.active ? Theme.brand : Theme.ink2
                text: row?.text ?? ""
                side: row?.side ?? ""
                checked: row !== null && screen.vm.chosen === row.id
                onClicked: screen.vm.choose(row.id)
            }
        }

        BigButton {
            id: add

            objectName: "addPlace"
            anchors.bottom: parent.bottom
            width: parent.width
            height: 104
            glyph: "plus"
            text: Lang.tr("加一个存放点")
            onClicked: screen.vm.do("add")
        }
    }

    Item {
        id: right

        x: Theme.portrait ? 0 : left.width + 40
        y: Theme.portrait ? left.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Item {
            anchors.fill: parent
            visible: screen.vm.doing === "" && screen.vm.name !== ""

            Row {
                id: about

                width: parent.width
                spacing: 16

                BigButton {
                    objectName: "renamePlace"
                    width: (parent.width - 32) / 3
                    height: 104
                    glyph: "edit"
                    text: Lang.tr("改名")
                    onClicked: screen.vm.do("rename")
                }

                BigButton {
                    objectName: "usePlace"
                    width: (parent.width - 32) / 3
                    height: 104
                    glyph: screen.vm.active ? "ban" : "check"
                    text: screen.vm.active ? Lang.tr("停用") : Lang.tr("重新用")
                    onClicked: screen.vm.use()
                }

                BigButton {
                    objectName: "markAll"
                    width: (parent.width - 32) / 3
                    height: 104
                    enabled: tools.count > 0
                    glyph: "checks"
                    text: Lang.tr("全选")
                    onClicked: screen.vm.markAll()
                }
            }

            ListView {
                id: tools

                objectName: "placeTools"
                y: about.height + 20
                width: parent.width
                height: parent.height - y - (move.visible ? move.height + 20 : 0)
                clip: true
                spacing: 12
                boundsBehavior: Flickable.StopAtBounds
                model: screen.vm.tools.length

                delegate: RowButton {
                    required property int index
                    readonly property var row: screen.vm.tools[index] ?? null

                    objectName: "tool" + index
                    width: tools.width
                    implicitHeight: 112
                    glyph: row?.marked ? "check" : row?.glyph ?? ""
                    text: row?.text ?? ""
                    side: row?.side ?? ""
                    checked: row?.marked ?? false
                    onClicked: screen.vm.mark(index)
                }
            }

            Caption {
                anchors.centerIn: tools
                width: parent.width
                visible: tools.count === 0
                horizontalAlignment: Text.AlignHCenter
                text: Lang.tr("{name}没有东西。扫工具的标签，就放到这里", {
                    "name": screen.vm.name
                })
                color: Theme.ink2
            }

            BigButton {
                id: move

                objectName: "move"
                anchors.bottom: parent.bottom
                width: parent.width
                visible: screen.vm.marked > 0
                kind: "primary"
                glyph: "arrow-right"
                text: Lang.tr("把 {n} 件搬到…", {
                    "n": screen.vm.marked
                })
                onClicked: screen.vm.do("move")
            }
        }

        Item {
            anchors.fill: parent
            visible: screen.vm.doing === "move"

            Caption {
                id: whereTo

                width: parent.width
                text: Lang.tr("搬到哪里？")
                font.pixelSize: Theme.h2
                bold: true
            }

            Flickable {
                y: whereTo.height + 18
                width: parent.width
                height: parent.height - y - stay.height - 20
                contentHeight: targets.height
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                Grid {
                    id: targets

                    width: parent.width
                    columns: 2
                    spacing: 18

                    Repeater {
                        model: screen.vm.doing === "move" ? screen.vm.others : []

                        Choice {
                            required property var modelData
                            required property int index

                            objectName: "target" + index
                            width: (targets.width - 18) / 2
                            glyph: "map-pin"
                            text: modelData.text
                            onClicked: screen.vm.moveTo(modelData.id)
                        }
                    }
                }
            }

            BigButton {
                id: stay

                objectName: "stay"
                anchors.bottom: parent.bottom
                width: parent.width
                glyph: "arrow-left"
                text: Lang.tr("不搬了")
                onClicked: screen.vm.do("")
            }
        }

        Item {
            anchors.fill: parent
            visible: screen.vm.doing === "add" || screen.vm.doing === "rename"

            Entry {
                id: entry

                objectName: "placeEntry"
                width: parent.width
                height: 110
                size: 52
                text: screen.vm.pad.words
                hint: Lang.tr("叫什么，比如：E 架")
                good: screen.vm.ready
            }

            Writing {
                y: entry.height + 20
                width: parent.width
                height: Math.min(parent.height - y - foot.height - 20, 760)
                pad: screen.vm.pad
            }

            Row {
                id: foot

                anchors.bottom: parent.bottom
                width: parent.width
                height: 112
                spacing: 18

                BigButton {
                    objectName: "noName"
                    width: (parent.width - 18) * 0.35
                    height: parent.height
                    glyph: "arrow-left"
                    text: Lang.tr("不了")
                    onClicked: screen.vm.do("")
                }

                BigButton {
                    objectName: "nameDone"
                    width: (parent.width - 18) * 0.65
                    height: parent.height
                    kind: "primary"
                    enabled: screen.vm.ready
                    text: Lang.tr("好了")
                    onClicked: screen.vm.named()
                }
            }
        }
    }
}

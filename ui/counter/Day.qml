pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: vm.title
    lead: vm.held

    component Figure: Caption {
        horizontalAlignment: Text.AlignRight
        font.pixelSize: Theme.least
        wrapMode: Text.NoWrap
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 24
    }

    Item {
        id: left

        width: Theme.portrait ? parent.width : parent.width * 0.6
        height: Theme.portrait ? parent.height * 0.56 : parent.height

        Row {
            id: days

            width: parent.width
            height: 104
            spacing: 20

            BigButton {
                objectName: "dayBefore"
                width: (parent.width - 20) / 2
                height: parent.height
                glyph: "chevron-left"
                text: Lang.tr("前一天")
                onClicked: screen.vm.move(-1)
            }

            BigButton {
                objectName: "dayAfter"
                width: (parent.width - 20) / 2
                height: parent.height
                glyph: "chevron-right"
                enabled: !screen.vm.today
                text: Lang.tr("后一天")
                onClicked: screen.vm.move(1)
            }
        }

        Card {
            y: days.height + 20
            width: parent.width
            height: parent.height - y

            Column {
                id: table

                readonly property real cell: (width - 260) / 4

                x: 28
                y: 20
                width: parent.width - 56

                Row {
                    height: 64

                    Caption {
                        width: 260
                        text: Lang.tr("账户")
                        color: Theme.ink2
                        font.pixelSize: Theme.least
                    }

                    Repeater {
                        model: [Lang.tr("原有"), Lang.tr("增加"), Lang.tr("减少"), Lang.tr("现有")]

                        Figure {
                            required property string modelData

                            width: table.cell
                            text: modelData
                            color: Theme.ink2
                        }
                    }
                }

                Repeater {
                    model: screen.vm.accounts

                    Item {
                        id: line

                        required property var modelData
                        required property int index

                        objectName: "account" + index
                        width: table.width
                        height: 92

                        Rectangle {
                            width: parent.width
                            height: 2
                            color: Theme.hairline
                        }

                        Row {
                            anchors.verticalCenter: parent.verticalCenter

                            Caption {
                                width: 260
                                text: line.modelData.name
                                font.pixelSize: Theme.least
                                bold: true
                            }

                            Repeater {
                                model: [line.modelData.before, line.modelData.plus, line.modelData.minus, line.modelData.after]

                                Figure {
                                    required property string modelData
                                    required property int index

                                    width: table.cell
                                    text: modelData
                                    bold: index === 3
                                    color: index === 1 ? Theme.ok : index === 2 ? Theme.pay : Theme.ink
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : left.width + 40
        y: Theme.portrait ? left.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Flickable {
            id: flick

            width: parent.width
            height: safe.y - 20
            visible: screen.vm.safe === ""
            contentHeight: rows.height
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            Column {
                id: rows

                width: flick.width
                spacing: 14

                Repeater {
                    model: screen.vm.drawers

                    RowButton {
                        required property var modelData
                        required property int index

                        objectName: "drawerRow" + index
                        width: rows.width
                        enabled: false
                        glyph: "cash-banknote"
                        text: modelData.text
                        detail: modelData.detail
                    }
                }

                Repeater {
                    model: screen.vm.kinds

                    Item {
                        id: kind

                        required property var modelData

                        width: rows.width
                        height: 64

                        Caption {
                            anchors.verticalCenter: parent.verticalCenter
                            text: kind.modelData.name
                        }

                        Caption {
                            anchors {
                                right: parent.right
                                verticalCenter: parent.verticalCenter
                            }
                            text: kind.modelData.amount
                            bold: true
                        }
                    }
                }

                Caption {
                    width: parent.width
                    visible: screen.vm.drawers.length === 0
                    text: Lang.tr("这一天没有开过钱箱")
                    color: Theme.ink2
                }
            }
        }

        Item {
            anchors.fill: parent
            visible: screen.vm.safe !== ""

            Entry {
                id: entry

                width: parent.width
                height: 104
                text: screen.vm.amount
                hint: screen.vm.safe === "in" ? Lang.tr("放进保险柜多少元") : Lang.tr("从保险柜拿走多少元")
            }

            MoneyPad {
                y: entry.height + 20
                width: parent.width
                height: safe.y - 20 - y
                onTyped: key => screen.vm.pad.type(key)
                onErased: screen.vm.pad.erase()
            }
        }

        Row {
            id: safe

            anchors.bottom: parent.bottom
            width: parent.width
            height: screen.vm.maySafe ? Theme.primary : 0
            visible: screen.vm.maySafe
            spacing: 20

            BigButton {
                objectName: "safeIn"
                width: (parent.width - 20) / 2
                height: parent.height
                visible: screen.vm.safe === ""
                glyph: "download"
                text: Lang.tr("保险柜存钱")
                onClicked: screen.vm.turn("in")
            }

            BigButton {
                objectName: "safeOut"
                width: (parent.width - 20) / 2
                height: parent.height
                visible: screen.vm.safe === ""
                glyph: "upload"
                text: Lang.tr("保险柜取钱")
                onClicked: screen.vm.turn("out")
            }

            BigButton {
                objectName: "safeNot"
                width: (parent.width - 20) * 0.35
                height: parent.height
                visible: screen.vm.safe !== ""
                text: Lang.tr("不了")
                onClicked: screen.vm.turn(screen.vm.safe)
            }

            BigButton {
                objectName: "safeDone"
                width: (parent.width - 20) * 0.65
                kind: "primary"
                visible: screen.vm.safe !== ""
                enabled: screen.vm.ready
                text: Lang.tr("记下")
                onClicked: screen.vm.fund()
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    covered: vm.photos.open || vm.asking !== ""
    title: Lang.tr("验收 {name}", {
        "name": vm.name
    })
    lead: vm.tag + "　" + vm.rent

    Item {
        id: left

        width: Theme.portrait ? parent.width : (parent.width - 40) / 2
        height: Theme.portrait ? parent.height * 0.4 : parent.height

        BigButton {
            id: all

            objectName: "allThere"
            width: parent.width
            height: screen.vm.accessories.length > 0 ? 104 : 0
            visible: screen.vm.accessories.length > 0
            glyph: "checks"
            text: Lang.tr("配件都在，都完好")
            onClicked: screen.vm.allThere()
        }

        ListView {
            id: list

            objectName: "accessoryList"
            y: all.height + 20
            width: parent.width
            height: parent.height - y
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.accessories

            delegate: Card {
                id: row

                required property var modelData
                required property int index

                width: list.width
                height: 128
                radius: Theme.radius

                Caption {
                    anchors {
                        left: parent.left
                        leftMargin: 24
                        right: choices.left
                        rightMargin: 12
                        verticalCenter: parent.verticalCenter
                    }
                    text: row.modelData.name + " × " + row.modelData.pieces
                    bold: true
                    lineHeight: 1.15
                }

                Row {
                    id: choices

                    anchors {
                        right: parent.right
                        rightMargin: 16
                        verticalCenter: parent.verticalCenter
                    }
                    spacing: 10

                    Repeater {
                        model: [
                            {
                                "key": "ok",
                                "text": Lang.tr("完好")
                            },
                            {
                                "key": "missing",
                                "text": Lang.tr("缺了")
                            },
                            {
                                "key": "damaged",
                                "text": Lang.tr("坏了")
                            }
                        ]

                        Chip {
                            required property var modelData

                            objectName: modelData.key + row.index
                            width: 172
                            height: 96
                            size: Theme.least
                            text: modelData.text
                            checked: row.modelData.finding === modelData.key
                            onClicked: screen.vm.find(row.modelData.name, modelData.key)
                        }
                    }
                }
            }
        }

        Caption {
            anchors.centerIn: parent
            visible: screen.vm.accessories.length === 0
            text: Lang.tr("没有配件")
            color: Theme.ink2
        }
    }

    Item {
        x: Theme.portrait ? 0 : left.width + 40
        y: Theme.portrait ? left.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Column {
            width: parent.width
            spacing: 18
            visible: screen.vm.pricing === ""

            Grid {
                id: damages

                width: parent.width
                columns: 3
                spacing: 14

                Repeater {
                    model: screen.vm.damages

                    Chip {
                        required property var modelData
                        required property int index

                        objectName: "damage" + index
                        width: (damages.width - 28) / 3
                        height: 96
                        size: Theme.least
                        text: modelData.text
                        checked: modelData.chosen
                        onClicked: screen.vm.damage(index)
                    }
                }

                Chip {
                    objectName: "damageOther"
                    width: (damages.width - 28) / 3
                    height: 96
                    size: Theme.least
                    glyph: "edit"
                    text: Lang.tr("其他…")
                    onClicked: screen.vm.otherDamage()
                }

                Chip {
                    objectName: "photo"
                    width: (damages.width - 28) / 3
                    height: 96
                    size: Theme.least
                    glyph: "camera"
                    checked: screen.vm.photos.photos.length > 0
                    text: screen.vm.photos.photos.length > 0 ? Lang.tr("照片 {n} 张", {
                        "n": screen.vm.photos.photos.length
                    }) : Lang.tr("拍照")
                    onClicked: screen.vm.photos.start()
                }

                Chip {
                    objectName: "noPhoto"
                    width: (damages.width - 28) / 3
                    height: 96
                    visible: screen.vm.needsPhoto && screen.vm.photos.photos.length === 0
                    size: Theme.least
                    glyph: "camera-off"
                    checked: screen.vm.noPhoto !== ""
                    text: Lang.tr("不拍照")
                    onClicked: screen.vm.excuse()
                }
            }

            Flickable {
                id: told

                objectName: "deductionList"
                width: parent.width
                height: Math.min(sums.height + 40, foot.y - 20 - y)
                visible: screen.vm.deductions.length > 0 || screen.vm.noPhoto !== ""
                contentHeight: sums.height + 40
                clip: true
                boundsBehavior: Flickable.StopAtBounds

                Card {
                    width: told.width
                    height: told.contentHeight
                    radius: Theme.radius
                }

                Column {
                    id: sums

                    x: 28
                    y: 20
                    width: parent.width - 56

                    Repeater {
                        model: screen.vm.deductions

                        Item {
                            id: line

                            required property var modelData

                            width: sums.width
                            height: 52

                            Caption {
                                anchors.verticalCenter: parent.verticalCenter
                                text: line.modelData.text
                            }

                            Caption {
                                anchors {
                                    right: parent.right
                                    verticalCenter: parent.verticalCenter
                                }
                                text: line.modelData.amount
                                bold: true
                            }
                        }
                    }

                    Caption {
                        width: parent.width
                        visible: screen.vm.noPhoto !== ""
                        text: Lang.tr("没有拍照：") + screen.vm.noPhoto
                        color: Theme.ink2
                        font.pixelSize: Theme.least
                    }

                    Caption {
                        anchors.right: parent.right
                        visible: screen.vm.deductions.length > 0
                        text: Lang.tr("一共扣 {money}", {
                            "money": screen.vm.total
                        })
                        color: Theme.pay
                        bold: true
                    }
                }
            }
        }

        Item {
            width: parent.width
            height: foot.y - 20
            visible: screen.vm.pricing !== ""

            Caption {
                id: question

                width: parent.width
                text: screen.vm.pricing
                bold: true
            }

            Entry {
                id: entry

                objectName: "moneyEntry"
                y: question.height + 12
                width: parent.width
                height: 110
                size: 60
                text: screen.vm.amount
                hint: Lang.tr("多少元")
            }

            MoneyPad {
                y: entry.y + entry.height + 16
                width: parent.width
                height: parent.height - y
                onTyped: key => screen.vm.pad.type(key)
                onErased: screen.vm.pad.erase()
            }
        }

        Column {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            spacing: 18

            Row {
                width: parent.width
                spacing: 18
                visible: screen.vm.pricing === ""

                Chip {
                    objectName: "fit"
                    width: (parent.width - 18) / 2
                    height: 104
                    text: Lang.tr("能用，入库")
                    checked: screen.vm.fit
                    onClicked: screen.vm.judge(true)
                }

                Chip {
                    objectName: "unfit"
                    width: (parent.width - 18) / 2
                    height: 104
                    text: Lang.tr("不能用，放一边")
                    checked: !screen.vm.fit
                    onClicked: screen.vm.judge(false)
                }
            }

            BigButton {
                objectName: screen.vm.pricing !== "" ? "priced" : "done"
                width: parent.width
                kind: "primary"
                enabled: screen.vm.pricing !== "" || screen.vm.ready
                text: screen.vm.pricing !== "" ? Lang.tr("好了") : screen.vm.ready ? Lang.tr("验收完毕") : screen.vm.missing
                onClicked: screen.vm.pricing !== "" ? screen.vm.pricedNow() : screen.vm.done()
            }
        }
    }

    over: [
        PhotoTaker {
            anchors.fill: parent
            taker: screen.vm.photos
        },
        Item {
            anchors.fill: parent
            visible: screen.vm.asking !== ""
            WhyPanel {
                anchors.fill: parent
                why: screen.vm.why
                question: screen.vm.asking === "damage" ? Lang.tr("哪里坏了？") : Lang.tr("为什么不拍照？")
            }

            BigButton {
                objectName: "stopAsking"
                anchors.bottom: parent.bottom
                width: parent.width
                visible: !screen.vm.why.typing
                glyph: "arrow-left"
                text: Lang.tr("还是拍照")
                onClicked: screen.vm.stopAsking()
            }
        }
    ]
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Scanning: how far, the last one, what is still missing. Then the differences, each with what to do about it.
Frame {
    id: screen

    covered: vm.witness.open
    title: vm.state === "scan" ? Lang.tr("盘点") + "　" + vm.place : Lang.tr("盘点结果") + "　" + vm.place
    lead: vm.state === "scan" ? Lang.tr("一件一件扫标签，或者点名字") : ""

    Item {
        anchors.fill: parent
        visible: screen.vm.state === "scan"

        Item {
            id: left

            width: Theme.portrait ? parent.width : parent.width * 0.4
            height: Theme.portrait ? 250 + 20 + Math.max(96, last.height) + 16 + 104 + 20 + Theme.primary : parent.height

            Card {
                id: figure

                width: parent.width
                height: Theme.portrait ? 250 : 280

                Column {
                    anchors.centerIn: parent
                    width: parent.width - 60
                    spacing: 8

                    Caption {
                        objectName: "countFigure"
                        width: parent.width
                        horizontalAlignment: Text.AlignHCenter
                        text: screen.vm.there + " / " + screen.vm.expected
                        font.pixelSize: Theme.display
                        lineHeight: 1.1
                        bold: true
                    }

                    Caption {
                        width: parent.width
                        horizontalAlignment: Text.AlignHCenter
                        text: Lang.tr("数到的 / 应该有的")
                        color: Theme.ink2
                    }
                }
            }

            Note {
                id: last

                objectName: "countLast"
                y: figure.height + 20
                width: parent.width
                visible: screen.vm.last !== ""
                tone: screen.vm.lastGood ? "ok" : "warn"
                text: screen.vm.last
            }

            BigButton {
                objectName: "undoCount"
                y: last.y + last.height + 16
                width: parent.width
                height: 104
                visible: last.visible
                glyph: "arrow-back-up"
                text: Lang.tr("弄错了，这件不算")
                onClicked: screen.vm.undo()
            }

            BigButton {
                objectName: "finishCount"
                anchors.bottom: parent.bottom
                width: parent.width
                kind: "primary"
                enabled: screen.vm.known
                glyph: "check"
                text: Lang.tr("数完了")
                onClicked: screen.vm.finish()
            }
        }

        Item {
            x: Theme.portrait ? 0 : left.width + 48
            y: Theme.portrait ? left.height + 24 : 0
            width: parent.width - x
            height: parent.height - y

            Caption {
                id: still

                width: parent.width
                text: screen.vm.missing.length > 0 ? Lang.tr("还没数到的，{n} 件", {
                    "n": screen.vm.missing.length
                }) : screen.vm.known ? Lang.tr("都数到了") : ""
                bold: true
            }

            ListView {
                id: missing

                objectName: "missingList"
                y: still.height + 14
                width: parent.width
                height: parent.height - y
                clip: true
                spacing: 12
                boundsBehavior: Flickable.StopAtBounds
                model: screen.vm.missing

                delegate: RowButton {
                    required property var modelData
                    required property int index

                    objectName: "missing" + index
                    width: missing.width
                    implicitHeight: 112
                    glyph: modelData.glyph
                    text: modelData.text
                    side: modelData.detail
                    onClicked: screen.vm.tap(index)
                }
            }
        }
    }

    Item {
        anchors.fill: parent
        visible: screen.vm.state === "differences"

        Note {
            id: verdict

            objectName: "countVerdict"
            width: parent.width
            tone: screen.vm.differences.length > 0 ? "warn" : "ok"
            text: screen.vm.differences.length > 0 ? Lang.tr("有 {n} 处对不上，一件一件处理。现在不处理的，下次盘点再说", {
                "n": screen.vm.differences.length
            }) : Lang.tr("数过 {n} 件，都对上了", {
                "n": screen.vm.seen
            })
        }

        ListView {
            id: differences

            objectName: "differenceList"
            y: verdict.height + 20
            width: parent.width
            height: parent.height - y - leave.height - 20
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.differences

            delegate: Card {
                id: row

                required property var modelData
                required property int index

                width: differences.width
                height: Math.max(144, fact.implicitHeight + 36)
                radius: Theme.radius

                Fact {
                    id: fact

                    anchors {
                        left: parent.left
                        leftMargin: 24
                        right: book.visible ? book.left : parent.right
                        rightMargin: 20
                        verticalCenter: parent.verticalCenter
                    }
                    glyph: row.modelData.glyph
                    disc: 84
                    text: row.modelData.text
                    detail: row.modelData.detail
                    bold: true
                }

                BigButton {
                    id: book

                    objectName: "book" + row.index
                    anchors {
                        right: parent.right
                        rightMargin: 20
                        verticalCenter: parent.verticalCenter
                    }
                    visible: row.modelData.act !== ""
                    height: 104
                    text: row.modelData.act === "lost" ? Lang.tr("报丢失") : row.modelData.act === "found" ? Lang.tr("找回来了") : Lang.tr("改到这里")
                    onClicked: screen.vm.book(row.modelData.id, row.modelData.act)
                }
            }
        }

        BigButton {
            id: leave

            objectName: "leaveCount"
            anchors.bottom: parent.bottom
            width: parent.width
            kind: "primary"
            text: Lang.tr("盘点完了")
            onClicked: screen.vm.leaveIt()
        }
    }

    Item {
        anchors.fill: parent
        visible: screen.vm.state === "why"

        WhyPanel {
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(parent.width, 1300)
            height: parent.height - cancel.height - 20
            why: screen.vm.why
            question: screen.vm.asked + "　" + Lang.tr("怎么回事？")
        }

        BigButton {
            id: cancel

            objectName: "whyCancel"
            anchors.bottom: parent.bottom
            visible: !screen.vm.why.typing
            width: parent.width
            glyph: "arrow-left"
            text: Lang.tr("不了")
            onClicked: screen.vm.goBack()
        }
    }

    over: [
        WitnessPanel {
            anchors.fill: parent
            witness: screen.vm.witness
        }
    ]
}

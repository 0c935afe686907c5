pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("审批")
    lead: Lang.tr("一个人申请，另一个人批")

    ListView {
        id: list

        objectName: "requestList"
        width: parent.width
        height: parent.height
        visible: screen.vm.state === "list"
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.requests

        delegate: Card {
            id: row

            required property var modelData
            required property int index

            readonly property bool sure: screen.vm.asking === modelData.id

            width: list.width
            height: Theme.portrait ? fact.implicitHeight + 24 + (acts.height > 0 ? acts.height + 36 : 20) : Math.max(144, fact.implicitHeight + 36)
            radius: Theme.radius

            Fact {
                id: fact

                x: 24
                y: Theme.portrait ? 20 : (parent.height - height) / 2
                width: (Theme.portrait ? parent.width : acts.x) - 44
                glyph: row.modelData.glyph
                disc: 84
                text: row.modelData.text
                detail: row.modelData.detail
                bold: true
            }

            Row {
                id: acts

                x: parent.width - width - 20
                y: Theme.portrait ? parent.height - height - 16 : (parent.height - height) / 2
                spacing: 16

                Caption {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: !row.modelData.mayDecide && !row.modelData.mayMend && !row.modelData.batch
                    text: row.modelData.side
                    color: Theme.pay
                    bold: true
                    wrapMode: Text.NoWrap
                }

                BigButton {
                    objectName: "refuse" + row.index
                    visible: row.modelData.mayDecide
                    height: 104
                    text: row.sure ? Lang.tr("不了") : Lang.tr("不同意")
                    onClicked: row.sure ? screen.vm.ask("") : screen.vm.askRefuse(row.modelData.id, false)
                }

                BigButton {
                    objectName: "approve" + row.index
                    visible: row.modelData.mayDecide
                    height: 104
                    kind: row.sure ? "primary" : "secondary"
                    size: Theme.body
                    glyph: "check"
                    text: row.sure ? Lang.tr("确定同意") : Lang.tr("同意")
                    onClicked: row.sure ? screen.vm.approve(row.modelData.id) : screen.vm.ask(row.modelData.id)
                }

                BigButton {
                    objectName: "look" + row.index
                    visible: row.modelData.batch
                    height: 104
                    glyph: "list"
                    text: Lang.tr("看明细")
                    onClicked: screen.vm.look(row.modelData.id)
                }

                BigButton {
                    objectName: "mend" + row.index
                    visible: row.modelData.mayMend
                    height: 104
                    glyph: "tools"
                    text: Lang.tr("修回来了")
                    onClicked: screen.vm.mend(row.modelData.id)
                }
            }
        }
    }

    Nothing {
        anchors.centerIn: parent
        width: parent.width
        visible: screen.vm.state === "list" && screen.vm.known && screen.vm.requests.length === 0
        text: Lang.tr("没有要批的")
    }

    Item {
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width, 1000)
        height: parent.height
        visible: screen.vm.state === "mending"

        Caption {
            id: question

            width: parent.width
            text: Lang.tr("修理花了多少钱？")
            font.pixelSize: Theme.h2
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
            y: entry.y + entry.height + 20
            width: parent.width
            height: foot.y - 20 - y
            onTyped: key => screen.vm.pad.type(key)
            onErased: screen.vm.pad.erase()
        }

        Row {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.primary
            spacing: 16

            BigButton {
                objectName: "notNow"
                width: (parent.width - 32) * 0.2
                height: parent.height
                text: Lang.tr("不了")
                onClicked: screen.vm.mend("")
            }

            BigButton {
                objectName: "notMended"
                width: (parent.width - 32) * 0.36
                height: parent.height
                enabled: screen.vm.ready
                text: Lang.tr("没修好，放一边")
                onClicked: screen.vm.mended(false)
            }

            BigButton {
                objectName: "mended"
                width: (parent.width - 32) * 0.44
                kind: "primary"
                enabled: screen.vm.ready
                text: Lang.tr("修好了，入库")
                onClicked: screen.vm.mended(true)
            }
        }
    }

    Item {
        anchors.fill: parent
        visible: screen.vm.state === "batch"

        Note {
            id: about

            width: parent.width
            glyph: "file-spreadsheet"
            text: (screen.vm.batch.text ?? "") + "\n" + (screen.vm.batch.detail ?? "")
        }

        ListView {
            id: lines

            objectName: "batchLines"
            y: about.height + 20
            width: parent.width
            height: parent.height - y - decide.height - 20
            clip: true
            spacing: 10
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.lines

            delegate: Card {
                id: line

                required property var modelData

                width: lines.width
                height: Math.max(96, words.implicitHeight + 24)
                radius: Theme.radius

                Column {
                    id: words

                    anchors {
                        left: parent.left
                        leftMargin: 28
                        right: price.left
                        rightMargin: 20
                        verticalCenter: parent.verticalCenter
                    }

                    Caption {
                        width: parent.width
                        text: line.modelData.text
                        bold: true
                        lineHeight: 1.15
                    }

                    Caption {
                        width: parent.width
                        visible: text !== ""
                        text: line.modelData.detail
                        color: Theme.ink2
                        font.pixelSize: Theme.least
                        lineHeight: 1.15
                    }
                }

                Caption {
                    id: price

                    anchors {
                        right: parent.right
                        rightMargin: 28
                        verticalCenter: parent.verticalCenter
                    }
                    text: line.modelData.side
                    bold: true
                    wrapMode: Text.NoWrap
                }
            }
        }

        Row {
            id: decide

            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.primary
            spacing: 16

            BigButton {
                objectName: "backToList"
                width: screen.vm.mayDecide ? (parent.width - 32) * 0.26 : parent.width
                height: parent.height
                glyph: "arrow-left"
                text: Lang.tr("不了")
                onClicked: screen.vm.look("")
            }

            BigButton {
                objectName: "refuseBatch"
                visible: screen.vm.mayDecide
                width: (parent.width - 32) * 0.3
                height: parent.height
                text: Lang.tr("不同意")
                onClicked: screen.vm.askRefuse(screen.vm.batch.id, true)
            }

            BigButton {
                objectName: "approveBatch"
                visible: screen.vm.mayDecide
                width: (parent.width - 32) * 0.44
                kind: "primary"
                glyph: "check"
                text: Lang.tr("都同意")
                onClicked: screen.vm.approveBatch()
            }
        }
    }

    Caption {
        objectName: "batchProgress"
        anchors.centerIn: parent
        width: parent.width
        visible: screen.vm.state === "working"
        horizontalAlignment: Text.AlignHCenter
        text: screen.vm.progress
        font.pixelSize: Theme.h1
        bold: true
    }

    Item {
        anchors.fill: parent
        visible: screen.vm.state === "refusing"

        WhyPanel {
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(parent.width, 1300)
            height: parent.height - cancel.height - 20
            why: screen.vm.why
            question: Lang.tr("为什么不同意？")
        }

        BigButton {
            id: cancel

            objectName: "whyCancel"
            anchors.bottom: parent.bottom
            visible: !screen.vm.why.typing
            width: parent.width
            glyph: "arrow-left"
            text: Lang.tr("不了")
            onClicked: screen.vm.askRefuse("", false)
        }
    }
}

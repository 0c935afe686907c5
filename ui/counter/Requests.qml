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
        visible: !screen.vm.mending
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.requests

        delegate: Card {
            id: row

            required property var modelData
            required property int index

            width: list.width
            height: Math.max(144, fact.implicitHeight + 36)
            radius: Theme.radius

            Fact {
                id: fact

                anchors {
                    left: parent.left
                    leftMargin: 24
                    right: acts.left
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                glyph: row.modelData.glyph
                disc: 84
                text: row.modelData.text
                detail: row.modelData.detail
                bold: true
            }

            Row {
                id: acts

                anchors {
                    right: parent.right
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                spacing: 16

                Caption {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: !row.modelData.mayDecide && !row.modelData.mayMend
                    text: row.modelData.side
                    color: Theme.pay
                    bold: true
                    wrapMode: Text.NoWrap
                }

                BigButton {
                    objectName: "refuse" + row.index
                    visible: row.modelData.mayDecide
                    height: 104
                    text: Lang.tr("不同意")
                    onClicked: screen.vm.decide(row.modelData.id, false)
                }

                BigButton {
                    objectName: "approve" + row.index
                    visible: row.modelData.mayDecide
                    height: 104
                    glyph: "check"
                    text: Lang.tr("同意")
                    onClicked: screen.vm.decide(row.modelData.id, true)
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

    Caption {
        anchors.centerIn: parent
        visible: screen.vm.known && screen.vm.requests.length === 0
        text: Lang.tr("没有要批的")
        color: Theme.ink2
        font.pixelSize: Theme.h2
    }

    Item {
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width, 1000)
        height: parent.height
        visible: screen.vm.mending

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
}

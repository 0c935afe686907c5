pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    covered: vm.stopping && vm.why.typing
    title: Lang.tr("借出")
    lead: vm.mayScan ? Lang.tr("一件一件扫工具上的标签") : ""

    Item {
        id: left

        width: Theme.portrait ? parent.width : parent.width * 0.62
        height: Theme.portrait ? parent.height * 0.44 : parent.height

        Card {
            id: person

            width: parent.width
            height: Math.max(140, borrower.implicitHeight + 28)

            Fact {
                id: borrower

                anchors {
                    left: parent.left
                    leftMargin: 28
                    right: known.visible ? known.left : earlier.visible ? earlier.left : parent.right
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                glyph: "user"
                text: screen.vm.who
                detail: screen.vm.details
                size: Theme.h2
                bold: true
            }

            BigButton {
                id: known

                objectName: "confirmIdentity"
                anchors {
                    right: parent.right
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                visible: screen.vm.unidentified
                height: 104
                glyph: "id"
                text: Lang.tr("看过身份证，是本人")
                onClicked: screen.vm.confirmIdentity()
            }

            BigButton {
                id: earlier

                objectName: "backdate"
                anchors {
                    right: parent.right
                    rightMargin: 20
                    verticalCenter: parent.verticalCenter
                }
                visible: !screen.vm.unidentified && screen.vm.mayScan && screen.vm.earlier === ""
                height: 104
                glyph: "history"
                text: Lang.tr("昨天忘了登记")
                onClicked: screen.vm.backdate()
            }
        }

        Column {
            id: notices

            y: person.height + 16
            width: parent.width
            spacing: 16

            Row {
                width: parent.width
                spacing: 16
                visible: screen.vm.hindrance !== ""

                Note {
                    id: hindered

                    width: parent.width - (dues.visible ? dues.width + 16 : 0)
                    tone: "error"
                    text: screen.vm.hindrance
                }

                BigButton {
                    id: dues

                    objectName: "payDues"
                    height: hindered.height
                    visible: screen.vm.owed !== ""
                    glyph: "cash"
                    text: Lang.tr("收欠款 {money}", {
                        "money": screen.vm.owed
                    })
                    onClicked: screen.vm.payDues()
                }
            }

            Row {
                width: parent.width
                spacing: 16
                visible: screen.vm.disputes > 0

                Note {
                    id: disputed

                    width: parent.width - answer.width - 16
                    tone: "warn"
                    glyph: "message"
                    text: Lang.tr("这个人有 {n} 个争议等着答复", {
                        "n": screen.vm.disputes
                    })
                }

                BigButton {
                    id: answer

                    objectName: "answerDisputes"
                    height: disputed.height
                    glyph: "messages"
                    text: Lang.tr("看一下")
                    onClicked: screen.vm.answerDisputes()
                }
            }

            Row {
                width: parent.width
                spacing: 16
                visible: screen.vm.earlier !== ""

                Note {
                    id: since

                    width: parent.width - now.width - 16
                    glyph: "history"
                    text: screen.vm.earlier
                }

                BigButton {
                    id: now

                    objectName: "notEarlier"
                    height: since.height
                    glyph: "x"
                    text: Lang.tr("不是，现在拿走")
                    onClicked: screen.vm.notEarlier()
                }
            }
        }

        ListView {
            id: list

            objectName: "toolList"
            y: person.height + 16 + (notices.height > 0 ? notices.height + 16 : 0)
            width: parent.width
            height: parent.height - y
            clip: true
            spacing: 16
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.lines
            onCountChanged: positionViewAtEnd() // the tool that was scanned last

            delegate: Card {
                id: row

                required property var modelData
                required property int index

                width: list.width
                height: fact.implicitHeight + 32
                radius: Theme.radius

                Fact {
                    id: fact

                    anchors {
                        left: parent.left
                        leftMargin: 24
                        right: money.left
                        rightMargin: 16
                        verticalCenter: parent.verticalCenter
                    }
                    glyph: row.modelData.glyph
                    disc: 84
                    tint: row.modelData.wanted ? Theme.pay : Theme.brand
                    text: row.modelData.text
                    detail: row.modelData.wanted ? Lang.tr("还没有扫") : row.modelData.detail
                    bold: true
                }

                Column {
                    id: money

                    anchors {
                        right: out.visible ? out.left : parent.right
                        rightMargin: 20
                        verticalCenter: parent.verticalCenter
                    }

                    Caption {
                        anchors.right: parent.right
                        text: row.modelData.deposit
                        bold: true
                    }

                    Caption {
                        anchors.right: parent.right
                        text: Lang.tr("押金")
                        color: Theme.ink2
                        font.pixelSize: Theme.least
                    }
                }

                BigButton {
                    id: out

                    objectName: "drop" + row.index
                    anchors {
                        right: parent.right
                        rightMargin: 14
                        verticalCenter: parent.verticalCenter
                    }
                    visible: screen.vm.mayScan
                    width: 100
                    height: 96
                    glyph: "x"
                    Accessible.name: Lang.tr("不借这件")
                    onClicked: screen.vm.drop(row.modelData.id)
                }
            }
        }

        Caption {
            anchors.centerIn: list
            width: list.width - 80
            visible: screen.vm.lines.length === 0 && screen.vm.mayScan
            horizontalAlignment: Text.AlignHCenter
            text: Lang.tr("等着扫标签…")
            color: Theme.ink2
            font.pixelSize: Theme.h2
        }
    }

    Item {
        x: Theme.portrait ? 0 : left.width + 40
        y: Theme.portrait ? left.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Item {
            id: tag

            width: parent.width
            height: foot.y - 20
            visible: screen.vm.mayScan && !screen.vm.stopping

            Entry {
                id: entry

                objectName: "tagEntry"
                width: parent.width
                height: 110
                size: 56
                text: screen.vm.typed
                hint: Lang.tr("扫不出来就输标签号")
            }

            Keypad {
                y: entry.height + 16
                width: parent.width
                height: Math.min(560, parent.height - y)
                onTyped: key => screen.vm.digits.type(key)
                onErased: screen.vm.digits.erase()
                onCleared: screen.vm.digits.clear()
            }
        }

        Column {
            width: parent.width
            spacing: 20
            visible: screen.vm.toApprove && !screen.vm.stopping

            Note {
                width: parent.width
                text: Lang.tr("在自助机上申请的，先批后租")
            }

            BigButton {
                objectName: "approve"
                width: parent.width
                kind: "primary"
                glyph: "check"
                enabled: !screen.vm.unidentified && screen.vm.hindrance === ""
                text: Lang.tr("同意借")
                onClicked: screen.vm.approve()
            }
        }

        WhyPanel {
            width: parent.width
            height: foot.y - 20
            visible: screen.vm.stopping && !screen.vm.why.typing
            why: screen.vm.why
            question: Lang.tr("为什么不借了？")
        }

        Column {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            spacing: 16

            BigButton {
                objectName: "reopen"
                visible: screen.vm.mayReopen
                width: parent.width
                height: 104
                glyph: "tools"
                text: Lang.tr("改工具")
                onClicked: screen.vm.reopen()
            }

            Row {
                spacing: 16

                Caption {
                    anchors.verticalCenter: parent.verticalCenter
                    text: Lang.tr("押金合计")
                }

                Text {
                    anchors.verticalCenter: parent.verticalCenter
                    textFormat: Text.PlainText
                    text: screen.vm.deposit
                    color: Theme.pay
                    font.pixelSize: Theme.hero
                    font.bold: true
                }
            }

            Row {
                width: parent.width
                height: Theme.primary
                spacing: 16

                BigButton {
                    objectName: "stop"
                    width: (parent.width - 16) * 0.38
                    height: parent.height
                    visible: screen.vm.begun
                    text: screen.vm.stopping ? Lang.tr("接着借") : Lang.tr("不借了")
                    onClicked: screen.vm.askStop()
                }

                BigButton {
                    objectName: "next"
                    width: screen.vm.begun ? (parent.width - 16) * 0.62 : parent.width
                    kind: "primary"
                    enabled: screen.vm.ready
                    text: Lang.tr("下一步")
                    onClicked: screen.vm.goOn()
                }
            }
        }
    }

    over: [
        Item {
            anchors.fill: parent
            visible: screen.vm.stopping && screen.vm.why.typing
            WhyPanel {
                anchors.fill: parent
                why: screen.vm.why
                question: Lang.tr("为什么不借了？")
            }
        }
    ]
}

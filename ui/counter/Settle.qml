pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    covered: vm.witness.open
    title: Lang.tr("结算")
    lead: vm.who

    ListView {
        id: list

        objectName: "settleList"
        width: Theme.portrait ? parent.width : parent.width * 0.54
        height: Theme.portrait ? parent.height * 0.42 : parent.height
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.lines

        delegate: Card {
            id: row

            required property var modelData

            width: list.width
            height: body.height + 44
            radius: Theme.radius

            Column {
                id: body

                x: 28
                y: 22
                width: parent.width - 56
                spacing: 6

                Item {
                    width: parent.width
                    height: name.height

                    Caption {
                        id: name

                        width: parent.width - rent.width - 20
                        text: row.modelData.text
                        bold: true
                    }

                    Caption {
                        id: rent

                        anchors.right: parent.right
                        text: row.modelData.rent
                        bold: true
                    }
                }

                Caption {
                    width: parent.width
                    text: row.modelData.derivation
                    color: Theme.ink2
                    font.pixelSize: Theme.least
                }

                Repeater {
                    model: row.modelData.deductions

                    Item {
                        id: taken

                        required property var modelData

                        width: body.width
                        height: 52

                        Caption {
                            anchors.verticalCenter: parent.verticalCenter
                            text: taken.modelData.text
                            color: Theme.pay
                        }

                        Caption {
                            anchors {
                                right: parent.right
                                verticalCenter: parent.verticalCenter
                            }
                            text: taken.modelData.amount
                            color: Theme.pay
                            bold: true
                        }
                    }
                }
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : list.width + 40
        y: Theme.portrait ? list.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Column {
            width: parent.width
            spacing: 20

            Card {
                width: parent.width
                height: sums.height + 40

                Column {
                    id: sums

                    x: 36
                    y: 20
                    width: parent.width - 72

                    Repeater {
                        model: screen.vm.sums

                        Item {
                            id: sum

                            required property var modelData

                            width: sums.width
                            height: Theme.portrait ? 68 : 58

                            Caption {
                                anchors.verticalCenter: parent.verticalCenter
                                text: sum.modelData.text
                            }

                            Caption {
                                anchors {
                                    right: parent.right
                                    verticalCenter: parent.verticalCenter
                                }
                                text: sum.modelData.amount
                                font.pixelSize: Theme.h2
                                bold: true
                            }
                        }
                    }
                }
            }

            Rectangle {
                width: parent.width
                height: screen.vm.needsSecond && !Theme.portrait ? 168 : 220
                radius: Theme.radiusLarge
                color: screen.vm.short ? Theme.paySoft : Theme.okSoft

                Column {
                    anchors.centerIn: parent

                    Caption {
                        anchors.horizontalCenter: parent.horizontalCenter
                        text: screen.vm.short ? Lang.tr("押金不够，还差") : Lang.tr("请退给本人")
                    }

                    Text {
                        objectName: "result"
                        anchors.horizontalCenter: parent.horizontalCenter
                        textFormat: Text.PlainText
                        text: screen.vm.short ? screen.vm.missing : screen.vm.refund
                        color: screen.vm.short ? Theme.pay : Theme.ok
                        font.pixelSize: screen.vm.needsSecond && !Theme.portrait ? Theme.hero : Theme.display
                        font.bold: true
                    }
                }
            }

            Note {
                width: parent.width
                visible: screen.vm.needsSecond
                tone: "warn"
                glyph: "users"
                text: Lang.tr("比押金多出 {money} 以上，要另一个人确认", {
                    "money": screen.vm.limit
                })
            }

            Row {
                width: parent.width
                spacing: 20
                visible: screen.vm.short

                Chip {
                    objectName: "payNow"
                    width: (parent.width - 20) / 2
                    height: 104
                    text: Lang.tr("现在收")
                    checked: !screen.vm.owing
                    onClicked: screen.vm.owe(false)
                }

                Chip {
                    objectName: "oweIt"
                    width: (parent.width - 20) / 2
                    height: 104
                    text: Lang.tr("先欠着")
                    checked: screen.vm.owing
                    onClicked: screen.vm.owe(true)
                }
            }
        }

        BigButton {
            objectName: "settled"
            anchors.bottom: parent.bottom
            width: parent.width
            kind: "primary"
            glyph: "check"
            enabled: screen.vm.known
            text: !screen.vm.short ? Lang.tr("退好 {money}，打凭条", {
                "money": screen.vm.refund
            }) : screen.vm.owing ? Lang.tr("记欠款，打凭条") : Lang.tr("收好 {money}，打凭条", {
                "money": screen.vm.missing
            })
            onClicked: screen.vm.settle()
        }
    }

    over: [
        WitnessPanel {
            anchors.fill: parent
            witness: screen.vm.witness
        }
    ]
}

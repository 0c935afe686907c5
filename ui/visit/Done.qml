import QtQuick
import ui.controls

Page {
    id: screen

    readonly property var job: vm.facts

    title: Lang.tr("办好了，祝您顺利")
    lead: Lang.tr("单子上也写着这些")

    info: Item {
        anchors.fill: parent

        Rectangle {
            anchors.horizontalCenter: Theme.portrait ? undefined : parent.horizontalCenter
            anchors.right: Theme.portrait ? parent.right : undefined
            y: Theme.portrait ? parent.height - height - 40 : Math.max(0, (parent.height - height) / 2)
            width: Theme.portrait ? 220 : 300
            height: width
            radius: width / 2
            color: Theme.okSoft

            Icon {
                anchors.centerIn: parent
                name: "circle-check"
                tint: Theme.ok
                size: Math.round(parent.width * 0.6)
            }
        }
    }

    Card {
        width: parent.width
        height: Math.min(parent.height - buttons.height - 36, facts.height + 96)

        Column {
            id: facts

            x: 48
            y: 44
            width: parent.width - 96
            spacing: Theme.portrait ? 28 : 16

            Item {
                width: parent.width
                height: Math.max(what.height, money.height)

                Caption {
                    id: what

                    anchors.verticalCenter: parent.verticalCenter
                    width: parent.width - money.width - 24
                    text: screen.job.title ?? ""
                    font.pixelSize: Theme.h1
                    lineHeight: 1.1
                    bold: true
                }

                Row {
                    id: money

                    anchors {
                        right: parent.right
                        verticalCenter: parent.verticalCenter
                    }
                    spacing: 10

                    Text {
                        id: figure

                        textFormat: Text.PlainText
                        text: screen.job.pay ?? ""
                        color: Theme.pay
                        font.pixelSize: 84
                        font.bold: true
                    }

                    Text {
                        anchors.baseline: figure.baseline
                        textFormat: Text.PlainText
                        text: screen.job.unit ?? ""
                        color: Theme.ink2
                        font.pixelSize: Theme.body
                    }
                }
            }

            Fact {
                width: parent.width
                disc: Theme.portrait ? 96 : 84
                glyph: "clock"
                text: screen.job.when ?? ""
                size: Theme.h2
                bold: true
            }

            Fact {
                width: parent.width
                disc: Theme.portrait ? 96 : 84
                glyph: "map-pin"
                text: screen.job.place ?? ""
                detail: screen.job.distance ?? ""
                size: Theme.h2
                bold: true
            }

            Fact {
                width: parent.width
                disc: Theme.portrait ? 96 : 84
                glyph: "phone-call"
                text: screen.job.contact ?? ""
                size: Theme.h2
                bold: true
            }

            Fact {
                width: parent.width
                disc: Theme.portrait ? 96 : 84
                glyph: "ticket"
                text: Lang.tr("单号 {number}", {
                    "number": screen.job.number ?? ""
                })
                detail: Lang.tr("{time} 前有效", {
                    "time": screen.job.until ?? ""
                })
                size: Theme.h2
            }
        }
    }

    Grid {
        id: buttons

        readonly property real each: Theme.portrait ? width : (width - Theme.gap) / 2

        anchors.bottom: parent.bottom
        width: parent.width
        columns: Theme.portrait ? 1 : 2
        spacing: Theme.gap

        BigButton {
            objectName: "finish"
            width: buttons.each
            kind: "primary"
            text: Lang.tr("办完了（{n}）", {
                "n": screen.vm.left
            })
            onClicked: screen.vm.finish()
        }

        BigButton {
            objectName: "moreJobs"
            width: buttons.each
            height: Theme.portrait ? 112 : Theme.primary
            glyph: "list"
            text: Lang.tr("再看看别的活")
            onClicked: screen.vm.more()
        }
    }
}

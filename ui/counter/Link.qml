pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("县里")
    lead: Lang.tr("资料先在本机，再传到县里")

    Item {
        id: status

        width: Theme.portrait ? parent.width : parent.width * 0.6
        height: Theme.portrait ? parent.height - side.height - 28 : parent.height

        Rectangle {
            id: verdict

            readonly property color tint: screen.vm.verdict === "ok" ? Theme.ok : screen.vm.verdict === "error" ? Theme.error : screen.vm.verdict === "warn" ? Theme.pay : Theme.brand

            width: parent.width
            height: Math.max(216, words.implicitHeight + 56)
            radius: Theme.radiusLarge
            color: screen.vm.verdict === "ok" ? Theme.okSoft : screen.vm.verdict === "error" ? Theme.errorSoft : screen.vm.verdict === "warn" ? Theme.paySoft : Theme.sky
            visible: screen.vm.known

            Icon {
                id: sign

                x: 36
                anchors.verticalCenter: parent.verticalCenter
                name: screen.vm.verdict === "ok" ? "cloud-check" : screen.vm.verdict === "info" ? "cloud" : screen.vm.verdict === "error" ? "cloud-off" : "alert-triangle"
                tint: verdict.tint
                size: 116
            }

            Column {
                id: words

                anchors {
                    left: sign.right
                    leftMargin: 32
                    right: parent.right
                    rightMargin: 32
                    verticalCenter: parent.verticalCenter
                }
                spacing: 8

                Caption {
                    objectName: "standing"
                    width: parent.width
                    text: screen.vm.standing
                    color: verdict.tint
                    font.pixelSize: Theme.h1
                    lineHeight: 1.1
                    bold: true
                }

                Caption {
                    objectName: "advice"
                    width: parent.width
                    text: screen.vm.advice
                    lineHeight: 1.2
                }
            }
        }

        Grid {
            id: facts

            y: verdict.height + 28
            width: parent.width
            columns: 2
            columnSpacing: 24
            rowSpacing: 18

            Repeater {
                model: screen.vm.facts

                Fact {
                    required property var modelData

                    width: (facts.width - 24) / 2
                    glyph: modelData.glyph
                    text: modelData.text
                    detail: modelData.label
                    bold: true
                }
            }
        }

        Caption {
            id: heading

            y: facts.y + facts.height + 24
            width: parent.width
            visible: screen.vm.refused.length > 0
            text: Lang.tr("县里没有收下的，已经转给县里的人看")
            bold: true
        }

        ListView {
            objectName: "refusedList"
            y: heading.y + heading.height + 12
            width: parent.width
            height: parent.height - y
            visible: heading.visible && height > 80
            clip: true
            spacing: 12
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.refused

            delegate: Card {
                id: row

                required property var modelData

                width: ListView.view.width
                height: 136
                radius: Theme.radius

                Fact {
                    anchors {
                        left: parent.left
                        leftMargin: 20
                        right: when.left
                        rightMargin: 16
                        verticalCenter: parent.verticalCenter
                    }
                    glyph: "ban"
                    tint: Theme.error
                    disc: 72
                    text: row.modelData.text
                    detail: row.modelData.detail
                }

                Caption {
                    id: when

                    anchors {
                        right: parent.right
                        rightMargin: 20
                        verticalCenter: parent.verticalCenter
                    }
                    text: row.modelData.side
                    color: Theme.ink2
                    font.pixelSize: Theme.least
                    wrapMode: Text.NoWrap
                }
            }
        }
    }

    Column {
        id: side

        x: Theme.portrait ? 0 : status.width + 48
        y: Theme.portrait ? parent.height - height : 0
        width: parent.width - x
        spacing: 20

        BigButton {
            objectName: "syncNow"
            width: parent.width
            visible: screen.vm.enrolled
            kind: "primary"
            enabled: !screen.vm.working
            glyph: "refresh"
            text: screen.vm.working ? Lang.tr("正在同步…") : Lang.tr("现在同步")
            onClicked: screen.vm.syncNow()
        }

        BigButton {
            objectName: "conflicts"
            width: parent.width
            height: 120
            listed: true
            glyph: "scale"
            text: screen.vm.conflicts === "" ? Lang.tr("两边说法不一样的：没有") : Lang.tr("两边说法不一样的：{count} 件", {
                "count": screen.vm.conflicts
            })
            onClicked: screen.vm.openConflicts()
        }

        BigButton {
            objectName: "stick"
            width: parent.width
            height: 120
            visible: screen.vm.enrolled && screen.vm.supervisor
            listed: true
            glyph: "usb"
            text: Lang.tr("用 U 盘带")
            onClicked: screen.vm.openStick()
        }

        BigButton {
            objectName: "enrol"
            width: parent.width
            height: 120
            visible: screen.vm.known && screen.vm.supervisor
            kind: screen.vm.enrolled ? "secondary" : "primary"
            listed: screen.vm.enrolled
            glyph: "plug-connected"
            text: screen.vm.enrolled ? Lang.tr("重新登记到县里") : Lang.tr("登记到县里")
            onClicked: screen.vm.openEnrol()
        }
    }
}

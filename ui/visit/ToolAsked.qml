import QtQuick
import ui.controls

Page {
    id: screen

    readonly property var wish: vm.facts

    title: Lang.tr("申请好了，请到服务窗口")
    lead: Lang.tr("跟工作人员说这个号，批准后签字、交押金、拿工具")

    info: Item {
        anchors.fill: parent

        Icon {
            visible: !Theme.portrait
            anchors.horizontalCenter: parent.horizontalCenter
            y: Math.max(0, (parent.height - height) / 2)
            name: "building-store"
            size: 260
        }
    }

    Card {
        y: Theme.portrait ? -120 : 0
        width: parent.width
        height: facts.height + (Theme.portrait ? 88 : 48)

        Column {
            id: facts

            x: 48
            y: Theme.portrait ? 40 : 20
            width: parent.width - 96
            spacing: Theme.portrait ? 36 : 12

            Column {
                width: parent.width

                Caption {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: Lang.tr("您的申请号")
                    color: Theme.ink2
                }

                Caption {
                    objectName: "wishNumber"
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: screen.wish.number ?? ""
                    color: Theme.brand
                    font.pixelSize: Theme.portrait ? Theme.display : 84
                    lineHeight: 1.1
                    bold: true
                }
            }

            Fact {
                width: parent.width
                disc: Theme.portrait ? 96 : 76
                glyph: screen.wish.glyph ?? ""
                text: screen.wish.tools ?? ""
                detail: screen.wish.deposit ?? ""
                size: Theme.h2
                bold: true
            }

            Fact {
                width: parent.width
                disc: Theme.portrait ? 96 : 76
                glyph: "id"
                text: Lang.tr("带上身份证")
                size: Theme.h2
                bold: true
            }

            Fact {
                width: parent.width
                disc: Theme.portrait ? 96 : 76
                glyph: "clock"
                text: Lang.tr("{time} 前有效", {
                    "time": screen.wish.until ?? ""
                })
                detail: Theme.portrait ? Lang.tr("还想租别的，在窗口一起说") : ""
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
            text: Lang.tr("办完了")
            onClicked: screen.vm.finish()
        }

        BigButton {
            objectName: "more"
            width: buttons.each
            height: Theme.portrait ? 120 : Theme.primary
            glyph: "layout-grid"
            text: Lang.tr("再办点别的")
            onClicked: screen.vm.more()
        }
    }
}

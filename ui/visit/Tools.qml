pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import ui.controls

// What one may rent. How it goes stands above (or beside) the cards, so that they are within reach.
Page {
    id: screen

    infoShare: 0.3
    title: Lang.tr("租工具")
    lead: Lang.tr("点一样工具，看价钱和怎么用")

    info: Column {
        anchors.fill: parent
        spacing: Theme.portrait ? 8 : 20

        Repeater {
            model: [["hand-click", Lang.tr("在这里选好、申请")], ["id", Lang.tr("带身份证到服务窗口，批准后签字、交押金")], ["receipt-refund", Lang.tr("还的时候当场检查，没问题就退押金")]]

            Fact {
                required property var modelData
                required property int index

                visible: Theme.portrait || screen.width > 1500 || index < 2
                width: parent.width
                disc: 72
                size: Theme.least
                glyph: modelData[0]
                text: modelData[1]
            }
        }
    }

    GridView {
        id: list

        readonly property int across: Math.max(1, Math.floor(width / 460))

        objectName: "toolList"
        width: parent.width + Theme.gap
        height: parent.height + 28
        cellWidth: Math.floor(width / across)
        cellHeight: 324
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 324
        model: screen.vm.models
        onModelChanged: contentY = originY + screen.vm.scrolled
        Component.onCompleted: contentY = originY + screen.vm.scrolled
        Component.onDestruction: screen.vm.scrolled = contentY - originY

        delegate: Item {
            id: cell

            required property var modelData
            required property int index

            width: list.cellWidth
            height: list.cellHeight

            T.AbstractButton {
                id: card

                objectName: "tool" + cell.index
                width: parent.width - Theme.gap
                height: parent.height - Theme.gap
                text: cell.modelData.name
                Accessible.role: Accessible.Button
                Accessible.name: [text, cell.modelData.price, cell.modelData.deposit, cell.modelData.free].join("。")
                onClicked: screen.vm.open(cell.index)

                background: Rectangle {
                    radius: Theme.radiusLarge
                    color: card.down ? Theme.sky : Theme.card
                    border.width: 3
                    border.color: Theme.border
                }

                contentItem: Item {
                    Rectangle {
                        id: disc

                        x: 24
                        y: 24
                        width: 108
                        height: 108
                        radius: 54
                        color: cell.modelData.photo === "" ? Theme.sky : Theme.card

                        Icon {
                            anchors.centerIn: parent
                            visible: cell.modelData.photo === ""
                            name: cell.modelData.glyph
                            size: 64
                        }
                    }

                    Image {
                        objectName: "photo" + cell.index
                        x: 24
                        y: 24
                        width: 112
                        height: 108
                        visible: cell.modelData.photo !== ""
                        fillMode: Image.PreserveAspectFit
                        source: cell.modelData.photo
                        cache: false
                        Accessible.ignored: true
                    }

                    Caption {
                        anchors {
                            left: disc.right
                            leftMargin: 22
                            right: parent.right
                            rightMargin: 20
                            verticalCenter: disc.verticalCenter
                        }
                        text: card.text
                        font.pixelSize: Theme.h2
                        lineHeight: 1.1
                        bold: true
                        maximumLineCount: 2
                        elide: Text.ElideRight
                    }

                    Caption {
                        x: 28
                        y: 144
                        height: 64
                        width: parent.width - 48
                        text: cell.modelData.price
                        color: cell.modelData.simple ? Theme.ok : Theme.pay
                        font.pixelSize: Theme.h2
                        bold: true
                        elide: Text.ElideRight
                        wrapMode: Text.NoWrap
                    }

                    Row {
                        x: 28
                        y: 222
                        spacing: 14

                        Tag {
                            text: cell.modelData.deposit
                        }

                        Tag {
                            text: cell.modelData.free
                            strong: cell.modelData.any
                        }
                    }
                }
            }
        }
    }

    Caption {
        y: 80
        width: parent.width
        visible: screen.vm.known && list.count === 0
        horizontalAlignment: Text.AlignHCenter
        text: Lang.tr("这里现在没有工具出租，请问问工作人员。")
        font.pixelSize: Theme.h2
    }
}

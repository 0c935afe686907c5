pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("盘点")
    lead: Lang.tr("选一个地方，把那里的工具一件一件扫过去")

    Item {
        id: left

        width: Theme.portrait ? parent.width : parent.width * 0.46
        height: Theme.portrait ? parent.height * 0.5 : parent.height

        Caption {
            id: where

            width: parent.width
            text: Lang.tr("数哪里？")
            font.pixelSize: Theme.h2
            bold: true
        }

        Flickable {
            y: where.height + 18
            width: parent.width
            height: parent.height - y
            contentHeight: places.height
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            Grid {
                id: places

                width: parent.width
                columns: 2
                spacing: 18

                Repeater {
                    model: screen.vm.places

                    BigButton {
                        required property string modelData
                        required property int index

                        objectName: "countPlace" + index
                        width: (places.width - 18) / 2
                        height: 120
                        glyph: "map-pin"
                        text: modelData
                        onClicked: screen.vm.start(modelData)
                    }
                }

                BigButton {
                    objectName: "countAll"
                    width: (places.width - 18) / 2
                    height: 120
                    glyph: "building-warehouse"
                    text: Lang.tr("全部")
                    onClicked: screen.vm.start("")
                }
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : left.width + 48
        y: Theme.portrait ? left.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Caption {
            id: before

            width: parent.width
            text: Lang.tr("以前数的")
            font.pixelSize: Theme.h2
            bold: true
        }

        ListView {
            id: counts

            objectName: "countList"
            y: before.height + 18
            width: parent.width
            height: parent.height - y
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.counts

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "count" + index
                width: counts.width
                glyph: modelData.open ? "hourglass" : "clipboard-check"
                text: modelData.text
                detail: modelData.detail
                side: modelData.side
                sideTint: modelData.wrong ? Theme.pay : Theme.ok
                arrow: modelData.open
                enabled: modelData.open
                onClicked: screen.vm.goOn(index)
            }
        }

        Caption {
            anchors.centerIn: counts
            visible: counts.count === 0
            text: Lang.tr("还没有数过")
            color: Theme.ink2
        }
    }
}

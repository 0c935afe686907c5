pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Models with how many are free; at the right the tools of the one in hand, and what one may do with it.
Frame {
    id: screen

    title: Lang.tr("库存")
    lead: Lang.tr("扫标签看一件工具的账")

    Item {
        id: left

        width: Theme.portrait ? parent.width : parent.width * 0.42
        height: Theme.portrait ? parent.height * 0.5 : parent.height

        ListView {
            id: models

            objectName: "modelList"
            width: parent.width
            height: parent.height - (acts.visible ? acts.height + 20 : 0)
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.models.length
            onCountChanged: show()

            function show(): void {
                const at = screen.vm.models.findIndex(one => one.id === screen.vm.chosen);
                if (at >= 0)
                    positionViewAtIndex(at, ListView.Contain);
            }

            delegate: RowButton {
                required property int index
                readonly property var row: screen.vm.models[index] ?? null

                objectName: "model" + index
                width: models.width
                implicitHeight: 116
                glyph: row?.glyph ?? ""
                text: row?.text ?? ""
                detail: row && !row.offered ? Lang.tr("不外借") : ""
                side: row?.side ?? ""
                sideTint: row?.none ? Theme.error : Theme.ok
                checked: row !== null && screen.vm.chosen === row.id
                onClicked: screen.vm.choose(row.id)
            }
        }

        Grid {
            id: acts

            readonly property real each: (width - 16 * (columns - 1)) / columns
            readonly property int size: columns > 2 ? Theme.least : Theme.body

            anchors.bottom: parent.bottom
            width: parent.width
            visible: screen.vm.mayKeep || screen.vm.mayChange
            columns: Theme.portrait && screen.vm.mayKeep ? 4 : 2
            spacing: 16

            BigButton {
                objectName: "takeIn"
                size: acts.size
                visible: screen.vm.mayKeep
                width: acts.each
                height: 104
                glyph: Theme.portrait ? "" : "file-spreadsheet"
                text: Lang.tr("批量入库")
                onClicked: screen.vm.takeIn()
            }

            BigButton {
                objectName: "count"
                size: acts.size
                visible: screen.vm.mayKeep
                width: acts.each
                height: 104
                glyph: Theme.portrait ? "" : "clipboard-check"
                text: Lang.tr("盘点")
                onClicked: screen.vm.count()
            }

            BigButton {
                objectName: "places"
                size: acts.size
                visible: screen.vm.mayKeep
                width: acts.each
                height: 104
                glyph: Theme.portrait ? "" : "map-pin"
                text: Lang.tr("存放点")
                onClicked: screen.vm.places()
            }

            BigButton {
                objectName: "newModel"
                size: acts.size
                visible: screen.vm.mayChange
                width: acts.each
                height: 104
                glyph: Theme.portrait ? "" : "plus"
                text: Lang.tr("新型号")
                onClicked: screen.vm.newModel()
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : left.width + 40
        y: Theme.portrait ? left.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Rectangle {
            id: picture

            width: visible ? 240 : 0
            height: 180
            visible: screen.vm.picture !== ""
            radius: Theme.radius
            color: Theme.card
            border.width: 2
            border.color: Theme.hairline

            Image {
                objectName: "modelPicture"
                anchors.fill: parent
                anchors.margins: 6
                fillMode: Image.PreserveAspectFit
                source: screen.vm.picture
                cache: false
                Accessible.ignored: true
            }
        }

        Note {
            id: terms

            x: picture.visible ? picture.width + 20 : 0
            width: parent.width - x
            height: Math.max(implicitHeight, picture.visible ? picture.height : 0)
            visible: screen.vm.terms !== ""
            glyph: "receipt-yuan"
            text: screen.vm.terms
        }

        ListView {
            id: tools

            objectName: "toolList"
            y: terms.height + 20
            width: parent.width
            height: parent.height - y - (mine.visible ? mine.height + 20 : 0)
            clip: true
            spacing: 14
            boundsBehavior: Flickable.StopAtBounds
            model: screen.vm.tools

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "tool" + index
                width: tools.width
                glyph: "tag"
                text: modelData.text
                detail: modelData.detail
                side: modelData.side
                sideTint: modelData.good ? Theme.ink2 : Theme.pay
                arrow: true
                onClicked: screen.vm.open(index)
            }
        }

        Caption {
            anchors.centerIn: tools
            visible: screen.vm.terms !== "" && tools.count === 0
            text: Lang.tr("这种工具还一件也没有")
            color: Theme.ink2
        }

        Row {
            id: mine

            readonly property int buttons: (screen.vm.mayKeep ? 1 : 0) + (screen.vm.mayChange ? 1 : 0)

            anchors.bottom: parent.bottom
            width: parent.width
            visible: screen.vm.terms !== "" && buttons > 0
            spacing: 16

            BigButton {
                objectName: "acquire"
                visible: screen.vm.mayKeep
                width: (mine.width - 16 * (mine.buttons - 1)) / Math.max(1, mine.buttons)
                height: 104
                glyph: "shopping-cart"
                text: Lang.tr("添置")
                onClicked: screen.vm.acquire()
            }

            BigButton {
                objectName: "changeModel"
                visible: screen.vm.mayChange
                width: (mine.width - 16 * (mine.buttons - 1)) / Math.max(1, mine.buttons)
                height: 104
                glyph: "edit"
                text: Lang.tr("改型号")
                onClicked: screen.vm.changeModel()
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("用 U 盘带")
    lead: Lang.tr("盘上的内容是加密的，只有县里打得开")

    ListView {
        id: list

        objectName: "stickList"
        width: Theme.portrait ? parent.width : parent.width * 0.5
        height: Theme.portrait ? parent.height * 0.4 : parent.height
        clip: true
        spacing: 16
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.sticks

        delegate: RowButton {
            required property var modelData
            required property int index

            objectName: "stick" + index
            width: list.width
            glyph: "usb"
            text: modelData.text
            detail: modelData.detail
            checked: screen.vm.chosen === index
            onClicked: screen.vm.choose(index)
        }
    }

    Column {
        anchors.centerIn: list
        width: list.width - 80
        spacing: 24
        visible: screen.vm.known && screen.vm.sticks.length === 0

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: "usb"
            size: 150
        }

        Caption {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            font.pixelSize: Theme.h2
            color: Theme.ink2
            text: Lang.tr("请插上 U 盘")
        }
    }

    Column {
        x: Theme.portrait ? 0 : list.width + 48
        y: Theme.portrait ? list.height + 28 : 0
        width: parent.width - x
        spacing: 24

        Repeater {
            model: [Lang.tr("1. 写到 U 盘，送到县里"), Lang.tr("2. 县里读进去，再把回信写到同一个 U 盘"), Lang.tr("3. 带回来，读回信")]

            Caption {
                required property string modelData

                width: parent.width
                text: modelData
            }
        }

        BigButton {
            objectName: "write"
            width: parent.width
            kind: "primary"
            enabled: screen.vm.sticks.length > 0 && !screen.vm.working
            glyph: "upload"
            text: screen.vm.working ? Lang.tr("正在办，请等一会儿…") : Lang.tr("写到 U 盘")
            onClicked: screen.vm.write()
        }

        BigButton {
            objectName: "read"
            width: parent.width
            height: 130
            enabled: screen.vm.sticks.length > 0 && !screen.vm.working
            glyph: "download"
            text: Lang.tr("读县里的回信")
            onClicked: screen.vm.read()
        }

        Note {
            objectName: "told"
            width: parent.width
            visible: screen.vm.told !== ""
            tone: "ok"
            text: screen.vm.told
        }
    }
}

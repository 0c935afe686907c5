pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// In place of the screen (Frame.over): another person shows who they are. `witness` is a Witness.
Item {
    id: panel

    required property var witness

    visible: witness.open

    Item {
        id: who

        width: Theme.portrait ? parent.width : parent.width * 0.5
        height: Theme.portrait ? parent.height * 0.42 : parent.height

        Caption {
            id: heading

            width: parent.width
            text: Lang.tr("请另一个人确认：点自己的名字，输 PIN，或者扫工牌")
            font.pixelSize: Theme.h2
            bold: true
        }

        ListView {
            id: list

            objectName: "witnessList"
            y: heading.height + 20
            width: parent.width
            height: parent.height - y - (Theme.portrait ? 0 : cancel.height + 20)
            clip: true
            spacing: 16
            boundsBehavior: Flickable.StopAtBounds
            model: panel.witness.people

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: "witness" + index
                width: list.width
                glyph: "user-check"
                text: modelData.name
                detail: modelData.roles
                checked: panel.witness.chosen === modelData.id
                onClicked: panel.witness.choose(modelData.id)
            }
        }

        Caption {
            y: list.y
            width: parent.width
            visible: list.count === 0
            text: Lang.tr("这里没有别的人可以确认，请负责人先加人")
            color: Theme.ink2
        }
    }

    Item {
        x: Theme.portrait ? 0 : who.width + 48
        y: Theme.portrait ? who.height + 20 : 0
        width: parent.width - x
        height: parent.height - y - (Theme.portrait ? cancel.height + 20 : 0)

        Note {
            id: wrong

            width: parent.width
            visible: text !== ""
            tone: "error"
            text: panel.witness.wrong
        }

        PinEntry {
            y: wrong.visible ? wrong.height + 20 : 0
            width: parent.width
            height: parent.height - y
            able: panel.witness.able
            dots: panel.witness.dots
            length: panel.witness.length
            onTyped: key => panel.witness.type(key)
            onErased: panel.witness.erase()
            onCleared: panel.witness.clear()
        }
    }

    BigButton {
        id: cancel

        objectName: "witnessCancel"
        anchors.bottom: parent.bottom
        width: Theme.portrait ? parent.width : who.width
        glyph: "x"
        text: Lang.tr("不了")
        onClicked: panel.witness.close()
    }
}

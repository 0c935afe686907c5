pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("归还")
    lead: Lang.tr("扫工具标签或者凭条上的码")

    ListView {
        id: list

        objectName: "outList"
        width: Theme.portrait ? parent.width : parent.width * 0.6
        height: Theme.portrait ? parent.height * 0.5 : parent.height
        clip: true
        spacing: 18
        boundsBehavior: Flickable.StopAtBounds
        model: screen.vm.rentals

        delegate: RowButton {
            required property var modelData
            required property int index

            objectName: "out" + index
            width: list.width
            glyph: modelData.waiting ? "eye-check" : "user"
            text: modelData.text
            detail: modelData.detail
            side: modelData.side
            sideTint: modelData.late ? Theme.error : modelData.waiting ? Theme.pay : Theme.ink2
            arrow: true
            onClicked: screen.vm.choose(index)
        }
    }

    Nothing {
        anchors.centerIn: list
        width: list.width
        visible: screen.vm.known && screen.vm.rentals.length === 0
        text: Lang.tr("没有借出去的工具")
    }

    Item {
        x: Theme.portrait ? 0 : list.width + 40
        y: Theme.portrait ? list.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Entry {
            id: entry

            objectName: "tagEntry"
            width: parent.width
            height: 130
            size: 60
            text: screen.vm.typed
            hint: Lang.tr("标签号或者凭条号")
        }

        Keypad {
            y: entry.height + 20
            width: parent.width
            height: parent.height - y
            onTyped: key => screen.vm.digits.type(key)
            onErased: screen.vm.digits.erase()
            onCleared: screen.vm.digits.clear()
        }
    }
}

import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("您的手机号")
    lead: Lang.tr("老板打这个电话找您")

    info: Item {
        anchors.fill: parent

        Column {
            width: parent.width
            spacing: 20

            Entry {
                objectName: "phoneEntry"
                width: parent.width
                text: screen.vm.digits
                hint: Lang.tr("点下面的数字")
                good: screen.vm.ready
                bad: screen.vm.wrong
                size: 88
            }

            Note {
                visible: screen.vm.wrong || !Theme.portrait
                width: parent.width
                tone: screen.vm.wrong ? "error" : "info"
                text: screen.vm.wrong ? Lang.tr("手机号是 1 开头的 11 位，请对一对") : Lang.tr("输满 11 位自动到下一步")
            }
        }
    }

    Keypad {
        objectName: "phonePad"
        width: parent.width
        height: Math.min(parent.height - next.height - 32, 800)
        y: Theme.portrait ? (parent.height - next.height - 32 - height) / 2 : 0
        onTyped: key => screen.vm.type(key)
        onErased: screen.vm.erase()
        onCleared: screen.vm.clear()
    }

    BigButton {
        id: next

        objectName: "next"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        enabled: screen.vm.ready
        text: screen.vm.ready ? Lang.tr("下一步") : Lang.tr("还差 {n} 位", {
            "n": screen.vm.left
        })
        onClicked: screen.vm.done()
    }
}

import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("请输入身份证号码")

    info: Item {
        anchors.fill: parent

        Column {
            width: parent.width
            spacing: 20

            Entry {
                objectName: "numberEntry"
                width: parent.width
                text: screen.vm.digits
                hint: Lang.tr("点下面的数字")
                good: screen.vm.ready
                bad: screen.vm.problem !== ""
                size: 64
            }

            Note {
                width: parent.width
                tone: screen.vm.problem !== "" ? "error" : screen.vm.ready ? "ok" : "info"
                text: screen.vm.problem !== "" ? screen.vm.problem : screen.vm.ready ? Lang.tr("号码对得上，请点“下一步”") : Lang.tr("18 位，最后一位可能是 X。还差 {n} 位", {
                    "n": screen.vm.left
                })
            }
        }
    }

    Keypad {
        width: parent.width
        height: Math.min(parent.height - next.height - 32, 760)
        y: Theme.portrait ? (parent.height - next.height - 32 - height) / 2 : 0
        withX: true
        onTyped: key => screen.vm.type(key)
        onErased: screen.vm.erase()
    }

    BigButton {
        id: next

        objectName: "next"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        enabled: screen.vm.ready
        text: Lang.tr("下一步")
        onClicked: screen.vm.done()
    }
}

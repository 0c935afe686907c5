import QtQuick
import ui.controls

Page {
    id: screen

    title: Lang.tr("请输入姓名")
    lead: Lang.tr("点拼音字母，再点出来的字")
    infoShare: width < 1500 ? 0.25 : 0.34

    info: Item {
        anchors.fill: parent

        Entry {
            objectName: "nameEntry"
            width: parent.width
            height: 170
            text: screen.vm.name
            hint: Lang.tr("先姓后名")
            good: screen.vm.ready
            size: 84
        }
    }

    PinyinPad {
        id: pad

        width: parent.width
        height: Math.min(parent.height - next.height - 32, 720)
        y: Theme.portrait ? (parent.height - next.height - 32 - height) / 2 : 0
        composing: screen.vm.composing
        candidates: screen.vm.candidates
        more: screen.vm.more
        dot: true
        onTyped: letter => screen.vm.type(letter)
        onErased: screen.vm.erase()
        onChosen: character => screen.vm.choose(character)
        onPaged: screen.vm.nextPage()
        onPerPageChanged: screen.vm.room(perPage)
        Component.onCompleted: screen.vm.room(perPage)
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

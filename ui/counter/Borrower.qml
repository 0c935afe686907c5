pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: vm.title
    lead: Lang.tr("扫对接单，或者输入手机号、身份证号、姓名")

    Item {
        id: found

        width: Theme.portrait ? parent.width : parent.width * (screen.width < 1500 ? 0.4 : 0.5)
        height: Theme.portrait ? parent.height * 0.46 : parent.height

        Entry {
            id: entry

            objectName: "borrowerEntry"
            width: parent.width
            height: 130
            text: screen.vm.byName ? screen.vm.pad.words : screen.vm.typed
            hint: screen.vm.byName ? Lang.tr("姓名") : Lang.tr("手机号后四位也行")
        }

        Caption {
            id: heading

            y: entry.height + 20
            width: parent.width
            text: screen.vm.looked ? (screen.vm.people.length > 0 ? Lang.tr("是哪一位？") : Lang.tr("没有找到，请先到自助机上登记")) : screen.vm.waiting.length > 0 ? Lang.tr("还没办完的") : ""
            bold: true
        }

        ListView {
            id: list

            readonly property bool people: screen.vm.looked

            objectName: "borrowerList"
            y: heading.y + heading.height + 12
            width: parent.width
            height: parent.height - y
            clip: true
            spacing: 18
            boundsBehavior: Flickable.StopAtBounds
            model: people ? screen.vm.people : screen.vm.waiting

            delegate: RowButton {
                required property var modelData
                required property int index

                objectName: (list.people ? "found" : "waiting") + index
                width: list.width
                glyph: list.people ? "user" : "hourglass"
                text: modelData.text
                detail: modelData.detail
                side: modelData.side
                sideTint: Theme.pay
                arrow: true
                onClicked: list.people ? screen.vm.choose(modelData.id) : screen.vm.goOn(modelData.id)
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : found.width + 48
        y: Theme.portrait ? found.height + 20 : 0
        width: parent.width - x
        height: parent.height - y

        Row {
            id: ways

            width: parent.width
            spacing: 20

            Chip {
                objectName: "byDigits"
                width: (parent.width - 20) / 2
                height: 96
                text: Lang.tr("号码")
                checked: !screen.vm.byName
                onClicked: screen.vm.ask(false)
            }

            Chip {
                objectName: "byName"
                width: (parent.width - 20) / 2
                height: 96
                text: Lang.tr("姓名")
                checked: screen.vm.byName
                onClicked: screen.vm.ask(true)
            }
        }

        Keypad {
            y: ways.height + 24
            width: parent.width
            height: parent.height - y
            visible: !screen.vm.byName
            withX: true
            onTyped: key => screen.vm.digits.type(key)
            onErased: screen.vm.digits.erase()
        }

        PinyinPad {
            y: ways.height + 24
            width: parent.width
            height: Math.min(parent.height - y, 720)
            visible: screen.vm.byName
            dot: true
            composing: screen.vm.pad.composing
            candidates: screen.vm.pad.candidates
            more: screen.vm.pad.more
            onTyped: letter => screen.vm.pad.type(letter)
            onErased: screen.vm.pad.erase()
            onChosen: character => screen.vm.pad.choose(character)
            onPaged: screen.vm.pad.nextPage()
            onPerPageChanged: screen.vm.pad.room(perPage)
            Component.onCompleted: screen.vm.pad.room(perPage)
        }
    }
}

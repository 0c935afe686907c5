pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// One question a time: name, what they do, the PIN, the PIN again.
Frame {
    id: screen

    readonly property bool asksPin: vm.step === "pin" || vm.step === "again"

    title: vm.title
    person: vm.canBack

    Item {
        id: told

        width: Theme.portrait ? parent.width : parent.width * 0.36
        height: Theme.portrait ? 420 : parent.height

        Column {
            width: parent.width
            spacing: 28

            Caption {
                width: parent.width
                font.pixelSize: Theme.hero
                lineHeight: 1.15
                bold: true
                text: screen.vm.step === "name" ? Lang.tr("姓名") : screen.vm.step === "roles" ? Lang.tr("做什么工作？") : screen.vm.step === "pin" ? Lang.tr("请本人设一个 PIN") : Lang.tr("再输一次，核对一下")
            }

            Caption {
                width: parent.width
                color: Theme.ink2
                text: screen.vm.step === "name" ? Lang.tr("点拼音字母，再点出来的字") : screen.vm.step === "roles" ? Lang.tr("可以选好几样") : Lang.tr("{n} 位数字。不要用生日、连号，不要告诉别人", {
                    "n": screen.vm.length
                })
            }

            Entry {
                objectName: "nameEntry"
                width: parent.width
                visible: screen.vm.step === "name"
                text: screen.vm.pad.words
                hint: Lang.tr("先姓后名")
                good: screen.vm.ready
            }

            Note {
                width: parent.width
                visible: text !== ""
                tone: "error"
                text: screen.vm.wrong
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : told.width + 56
        y: Theme.portrait ? told.height + 24 : 0
        width: parent.width - x
        height: parent.height - y

        PinyinPad {
            id: pad

            width: parent.width
            height: Math.min(parent.height - foot.height - 32, 720)
            visible: screen.vm.step === "name"
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

        Column {
            width: parent.width
            spacing: 24
            visible: screen.vm.step === "roles"

            Repeater {
                model: screen.vm.roles

                Tick {
                    required property var modelData

                    objectName: "role_" + modelData.role
                    width: parent.width
                    height: 136
                    glyph: modelData.role === "supervisor" ? "user-check" : modelData.role === "finance" ? "coins" : modelData.role === "clerk" ? "headset" : "tools"
                    text: modelData.text
                    checked: modelData.chosen
                    enabled: !modelData.fixed
                    onClicked: screen.vm.toggle(modelData.role)
                }
            }
        }

        PinEntry {
            width: parent.width
            height: parent.height - foot.height - 32
            visible: screen.asksPin
            dots: screen.vm.dots
            length: screen.vm.length
            onTyped: key => screen.vm.type(key)
            onErased: screen.vm.erase()
            onCleared: screen.vm.clear()
        }

        Row {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            height: Theme.primary
            spacing: 24

            BigButton {
                objectName: "stepBack"
                width: screen.asksPin ? parent.width : (parent.width - 24) * 0.35
                height: parent.height
                visible: screen.vm.step !== "name"
                glyph: "arrow-left"
                text: Lang.tr("上一步")
                onClicked: screen.vm.goBack()
            }

            BigButton {
                objectName: "next"
                width: screen.vm.step === "name" ? parent.width : (parent.width - 24) * 0.65
                visible: !screen.asksPin
                kind: "primary"
                enabled: screen.vm.ready
                text: screen.vm.onlyRoles ? Lang.tr("好了") : Lang.tr("下一步")
                onClicked: screen.vm.goOn()
            }
        }
    }
}

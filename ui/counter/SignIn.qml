pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    person: false
    title: Theme.portrait ? Lang.tr("请登录") : ""

    Item {
        id: who

        width: Theme.portrait ? parent.width : parent.width * 0.46
        height: Theme.portrait ? parent.height * 0.42 : parent.height

        Caption {
            id: heading

            visible: !Theme.portrait
            text: Lang.tr("请点自己的名字，或者扫工牌")
            font.pixelSize: Theme.h1
            width: parent.width
            bold: true
        }

        Flickable {
            id: flick

            y: Theme.portrait ? 0 : heading.height + 28
            width: parent.width
            height: parent.height - y
            contentHeight: list.height
            clip: true
            boundsBehavior: Flickable.StopAtBounds

            Grid {
                id: list

                columns: flick.width < 900 ? 1 : 2
                columnSpacing: 24
                rowSpacing: 24

                Repeater {
                    model: screen.vm.people

                    Tile {
                        required property var modelData
                        required property int index

                        objectName: "person" + index
                        width: (flick.width - (list.columns - 1) * 24) / list.columns
                        height: 190
                        flat: true
                        glyph: "user"
                        size: Theme.h2
                        text: modelData.name
                        detail: modelData.roles
                        checked: screen.vm.chosen === modelData.id
                        onClicked: screen.vm.choose(modelData.id)
                    }
                }
            }
        }
    }

    Item {
        x: Theme.portrait ? 0 : who.width + 56
        y: Theme.portrait ? who.height + 24 : 0
        width: parent.width - x
        height: parent.height - y

        Note {
            id: note

            width: parent.width
            tone: screen.vm.wrong !== "" ? "error" : "info"
            text: screen.vm.wrong !== "" ? screen.vm.wrong : screen.vm.chosen === "" ? Lang.tr("先点名字") : Lang.tr("请输入 {n} 位 PIN", {
                "n": screen.vm.length
            })
        }

        PinEntry {
            y: note.height + 28
            width: parent.width
            height: parent.height - y
            dots: screen.vm.dots
            length: screen.vm.length
            able: screen.vm.mayType
            onTyped: key => screen.vm.type(key)
            onErased: screen.vm.erase()
            onCleared: screen.vm.clear()
        }
    }
}

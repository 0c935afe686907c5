pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

Frame {
    id: screen

    title: Lang.tr("登记到县里")
    lead: Lang.tr("县里给的地址和登记码，一码只用一次")

    // lying down the two chips stand beside what they choose, standing up above it: the code needs the width
    Item {
        id: fields

        readonly property real chip: Theme.portrait ? (width - 20) / 2 : 300
        readonly property real begin: Theme.portrait ? 116 : 0

        width: parent.width
        height: begin + 2 * 116 + 20

        Repeater {
            model: 2

            Item {
                id: field

                required property int index
                readonly property bool code: index === 1

                width: fields.width
                height: fields.height

                Entry {
                    objectName: field.code ? "codeEntry" : "addressEntry"
                    y: fields.begin + field.index * 136
                    width: parent.width - (Theme.portrait ? 0 : fields.chip + 20)
                    height: 116
                    size: 48
                    good: field.code ? screen.vm.ready : screen.vm.atCode
                    text: field.code ? screen.vm.code : screen.vm.address
                    hint: field.code ? Lang.tr("登记码，32 个字母和数字") : Lang.tr("县里的地址，例如 county.example:8443")
                }

                Chip {
                    objectName: field.code ? "toCode" : "toAddress"
                    x: Theme.portrait ? field.index * (width + 20) : parent.width - width
                    y: Theme.portrait ? 0 : field.index * 136 + 10
                    width: fields.chip
                    height: 96
                    text: field.code ? Lang.tr("输登记码") : Lang.tr("输地址")
                    checked: screen.vm.atCode === field.code
                    onClicked: screen.vm.choose(field.code)
                }
            }
        }
    }

    LetterPad {
        y: fields.height + 24
        width: parent.width
        height: Math.min(go.y - 24 - y, Theme.portrait ? 640 : 620)
        code: screen.vm.atCode
        onTyped: letter => screen.vm.type(letter)
        onErased: screen.vm.erase()
    }

    BigButton {
        id: go

        objectName: "enrolNow"
        anchors.bottom: parent.bottom
        width: parent.width
        kind: "primary"
        enabled: screen.vm.ready
        glyph: "plug-connected"
        text: screen.vm.waiting ? Lang.tr("正在问县里…") : Lang.tr("登记")
        onClicked: screen.vm.enrol()
    }
}

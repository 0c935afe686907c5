pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Letters and digits in the order of a keyboard; `code`: without the signs of an address.
Column {
    id: pad

    property bool code: false
    signal typed(letter: string)
    signal erased

    readonly property real keyHeight: (height - 3 * spacing) / 4

    spacing: 12

    Repeater {
        model: ["1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm.:<"]

        Row {
            id: line

            required property string modelData
            required property int index

            spacing: pad.width > 1200 ? 14 : 6

            Repeater {
                model: line.modelData.split("")

                Key {
                    required property string modelData
                    readonly property bool erases: modelData === "<"

                    objectName: erases ? "letterErase" : "key_" + modelData
                    width: (pad.width - 9 * line.spacing) / 10
                    height: pad.keyHeight
                    enabled: erases || !pad.code || "-.:".indexOf(modelData) < 0
                    text: erases ? Lang.tr("退一格") : pad.code ? modelData.toUpperCase() : modelData
                    glyph: erases ? "backspace" : ""
                    onClicked: erases ? pad.erased() : pad.typed(modelData)
                }
            }
        }
    }
}

pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// Digits and a point, for yuan.
Grid {
    id: pad

    signal typed(key: string)
    signal erased

    readonly property real keyWidth: (width - 2 * columnSpacing) / 3
    readonly property real keyHeight: (height - 3 * rowSpacing) / 4

    columns: 3
    columnSpacing: Theme.gap
    rowSpacing: 20

    Repeater {
        model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "."]

        Key {
            required property string modelData

            objectName: modelData === "." ? "keyPoint" : "key" + modelData
            width: pad.keyWidth
            height: pad.keyHeight
            text: modelData
            onClicked: pad.typed(modelData)
        }
    }

    Key {
        objectName: "key0"
        width: pad.keyWidth
        height: pad.keyHeight
        text: "0"
        onClicked: pad.typed("0")
    }

    Key {
        objectName: "keyErase"
        width: pad.keyWidth
        height: pad.keyHeight
        text: Lang.tr("退一格")
        glyph: "backspace"
        onClicked: pad.erased()
    }
}

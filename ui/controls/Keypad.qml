pragma ComponentBehavior: Bound
import QtQuick

// Digits 1–9, 0, a key to erase and either "clear" or, for ID numbers, X.
Grid {
    id: pad

    property bool withX: false
    signal typed(key: string)
    signal erased
    signal cleared

    readonly property real keyWidth: (width - 2 * columnSpacing) / 3
    readonly property real keyHeight: (height - 3 * rowSpacing) / 4

    columns: 3
    columnSpacing: Theme.gap
    rowSpacing: 20

    Repeater {
        model: ["1", "2", "3", "4", "5", "6", "7", "8", "9"]

        Key {
            required property string modelData

            objectName: "key" + modelData
            width: pad.keyWidth
            height: pad.keyHeight
            text: modelData
            onClicked: pad.typed(modelData)
        }
    }

    Key {
        objectName: pad.withX ? "keyX" : "keyClear"
        width: pad.keyWidth
        height: pad.keyHeight
        text: pad.withX ? "X" : Lang.tr("清空")
        size: pad.withX ? Theme.hero : Theme.h2
        onClicked: pad.withX ? pad.typed("X") : pad.cleared()
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

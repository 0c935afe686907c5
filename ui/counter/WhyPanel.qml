pragma ComponentBehavior: Bound
import QtQuick
import ui.controls

// A reason at a tap, or typed. `why` is a Why.
Item {
    id: panel

    required property var why
    property string question: ""
    property string glyph: ""
    readonly property real headEnd: heading.visible ? heading.height + 18 : 18

    Caption {
        id: heading

        width: parent.width
        visible: panel.question !== ""
        text: panel.question
        font.pixelSize: Theme.h2
        bold: true
    }

    Grid {
        id: usual

        y: panel.headEnd
        width: parent.width
        visible: !panel.why.typing
        columns: 2
        spacing: 18

        Repeater {
            model: usual.visible ? panel.why.reasons : []

            BigButton {
                required property string modelData
                required property int index

                objectName: "why" + index
                width: (usual.width - 18) / 2
                text: modelData
                onClicked: panel.why.choose(index)
            }
        }

        BigButton {
            objectName: "whyOther"
            width: (usual.width - 18) / 2
            glyph: "keyboard"
            text: Lang.tr("其他")
            onClicked: panel.why.type(true)
        }
    }

    Item {
        y: panel.headEnd
        width: parent.width
        height: parent.height - y
        visible: panel.why.typing

        Entry {
            id: entry

            objectName: "whyEntry"
            width: parent.width
            height: 110
            size: 52
            text: panel.why.pad.words
            hint: Lang.tr("写几个字")
            good: panel.why.ready
        }

        Writing {
            y: entry.height + 20
            width: parent.width
            height: Math.min(parent.height - y - foot.height - 20, 760)
            pad: panel.why.pad
        }

        Row {
            id: foot

            anchors.bottom: parent.bottom
            width: parent.width
            height: 112
            spacing: 18

            BigButton {
                objectName: "whyBack"
                width: (parent.width - 18) * 0.35
                height: parent.height
                glyph: "arrow-left"
                text: Lang.tr("不写了")
                onClicked: panel.why.type(false)
            }

            BigButton {
                objectName: "whyDone"
                width: (parent.width - 18) * 0.65
                height: parent.height
                kind: "primary"
                enabled: panel.why.ready
                text: Lang.tr("确定")
                onClicked: panel.why.done()
            }
        }
    }
}

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
        visible: panel.question !== "" && (Theme.portrait || !panel.why.typing)
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

    // standing: entry, pad, buttons; lying: entry and buttons in one row, so that the keys are large enough
    Item {
        y: Theme.portrait ? panel.headEnd : 0
        width: parent.width
        height: parent.height - y
        visible: panel.why.typing

        Entry {
            id: entry

            objectName: "whyEntry"
            width: Theme.portrait ? parent.width : parent.width - foot.width - 20
            height: 110
            size: 52
            text: panel.why.pad.words
            hint: panel.question !== "" && !Theme.portrait ? panel.question : Lang.tr("写几个字")
            good: panel.why.ready
        }

        Writing {
            y: entry.height + 20
            width: parent.width
            height: Math.min(parent.height - y - (Theme.portrait ? foot.height + 20 : 0), 760)
            pad: panel.why.pad
        }

        Row {
            id: foot

            anchors.right: parent.right
            y: Theme.portrait ? parent.height - height : 0
            width: Theme.portrait ? parent.width : Math.min(parent.width * 0.42, 640)
            height: 112
            spacing: 18

            BigButton {
                objectName: "whyBack"
                width: (parent.width - 18) * 0.4
                height: parent.height
                glyph: width < 260 ? "" : "arrow-left"
                text: Lang.tr("不写了")
                onClicked: panel.why.type(false)
            }

            BigButton {
                objectName: "whyDone"
                width: (parent.width - 18) * 0.6
                height: parent.height
                kind: "primary"
                enabled: panel.why.ready
                text: Lang.tr("确定")
                onClicked: panel.why.done()
            }
        }
    }
}

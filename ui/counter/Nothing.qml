import QtQuick
import ui.controls

// What stands where a list is empty: nothing to do here.
Column {
    id: nothing

    property string text: ""
    property string glyph: "circle-check"
    property color tint: Theme.ok

    spacing: 28

    Icon {
        anchors.horizontalCenter: parent.horizontalCenter
        name: nothing.glyph
        tint: nothing.tint
        size: 160
    }

    Caption {
        width: nothing.width
        text: nothing.text
        font.pixelSize: Theme.h2
        horizontalAlignment: Text.AlignHCenter
    }
}

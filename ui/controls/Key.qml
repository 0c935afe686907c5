pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T

// One key of a pad.
T.AbstractButton {
    id: key

    property string glyph: ""
    property int size: Theme.hero
    property bool soft: false

    Accessible.role: Accessible.Button
    Accessible.name: text

    background: Rectangle {
        radius: Theme.radius
        color: key.down ? Theme.skyDeep : key.soft ? Theme.sky : Theme.card
        border.width: key.soft ? 0 : 3
        border.color: key.enabled ? Theme.border : Theme.hairline
    }

    contentItem: Text {
        text: key.glyph === "" ? key.text : ""
        color: key.enabled ? Theme.ink : Theme.border
        font.pixelSize: key.size
        font.bold: true
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.least
        textFormat: Text.PlainText

        Loader {
            anchors.centerIn: parent
            active: key.glyph !== ""
            sourceComponent: Icon {
                name: key.glyph
                tint: Theme.ink
                size: 60
            }
        }
    }
}

import QtQuick
import QtQuick.Templates as T

// A choice that stays: filled when chosen.
T.AbstractButton {
    id: control

    property string glyph: ""
    property int size: Theme.body

    implicitHeight: Theme.chip
    implicitWidth: row.implicitWidth + 2 * 26
    Accessible.role: Accessible.CheckBox
    Accessible.name: text
    Accessible.checkable: true
    Accessible.checked: checked

    background: Rectangle {
        radius: height / 2
        color: control.checked ? Theme.brand : control.down ? Theme.sky : Theme.card
        border.width: 3
        border.color: control.checked ? Theme.brand : Theme.border
    }

    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight

        Row {
            id: row

            anchors.centerIn: parent
            spacing: 12

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: name !== ""
                name: control.checked && control.glyph === "" ? "check" : control.glyph
                tint: control.checked ? Theme.paper : Theme.brand
                size: 40
            }

            Text {
                anchors.verticalCenter: parent.verticalCenter
                text: control.text
                color: control.checked ? Theme.paper : Theme.ink
                font.pixelSize: control.size
                font.bold: control.checked
                textFormat: Text.PlainText
            }
        }
    }
}

import QtQuick
import QtQuick.Templates as T
import ui.controls

// One of several answers: text, perhaps a picture; marked when it is the one.
T.AbstractButton {
    id: choice

    property string glyph: ""

    implicitHeight: Math.max(104, label.implicitHeight + 28)
    Accessible.role: Accessible.RadioButton
    Accessible.name: text
    Accessible.checkable: true
    Accessible.checked: checked

    background: Rectangle {
        radius: Theme.radius
        color: choice.checked ? Theme.brand : choice.down ? Theme.sky : Theme.card
        border.width: 3
        border.color: choice.checked ? Theme.brand : Theme.border
    }

    contentItem: Item {
        Icon {
            id: icon

            x: 28
            anchors.verticalCenter: parent.verticalCenter
            visible: choice.glyph !== ""
            name: choice.glyph
            tint: choice.checked ? Theme.paper : Theme.brand
            size: 52
        }

        Caption {
            id: label

            anchors {
                left: icon.visible ? icon.right : parent.left
                leftMargin: icon.visible ? 20 : 12
                right: parent.right
                rightMargin: 12
                verticalCenter: parent.verticalCenter
            }
            text: choice.text
            color: choice.checked ? Theme.paper : Theme.ink
            bold: choice.checked
            lineHeight: 1.1
            horizontalAlignment: icon.visible ? Text.AlignLeft : Text.AlignHCenter
        }
    }
}

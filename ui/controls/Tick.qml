import QtQuick
import QtQuick.Templates as T

// A line one can tick.
T.AbstractButton {
    id: tick

    property string glyph: ""
    property string detail: ""

    implicitHeight: 160
    Accessible.role: Accessible.CheckBox
    Accessible.name: text
    Accessible.checkable: true
    Accessible.checked: checked

    background: Rectangle {
        radius: Theme.radiusLarge
        color: tick.checked || tick.down ? Theme.sky : Theme.card
        border.width: tick.checked ? 5 : 3
        border.color: tick.checked ? Theme.brand : Theme.border
    }

    contentItem: Item {
        Fact {
            anchors {
                left: parent.left
                leftMargin: 32
                right: box.left
                rightMargin: 24
                verticalCenter: parent.verticalCenter
            }
            glyph: tick.glyph
            disc: 108
            text: tick.text
            detail: tick.detail
            size: Theme.h2
            bold: true
        }

        Rectangle {
            id: box

            anchors {
                right: parent.right
                rightMargin: 40
                verticalCenter: parent.verticalCenter
            }
            width: 76
            height: 76
            radius: 16
            color: tick.checked ? Theme.brand : Theme.card
            border.width: 4
            border.color: tick.checked ? Theme.brand : Theme.border

            Icon {
                anchors.centerIn: parent
                visible: tick.checked
                name: "check"
                tint: Theme.paper
                size: 56
            }
        }
    }
}

import QtQuick
import QtQuick.Templates as T
import ui.controls

// One group of trades in the rail at the side.
T.AbstractButton {
    id: item

    property string glyph: ""

    Accessible.role: Accessible.RadioButton
    Accessible.name: text
    Accessible.checkable: true
    Accessible.checked: checked

    background: Rectangle {
        radius: Theme.radius
        color: item.checked ? Theme.brand : item.down ? Theme.skyDeep : Theme.sky
    }

    contentItem: Item {
        Icon {
            x: 18
            anchors.verticalCenter: parent.verticalCenter
            name: item.glyph
            tint: item.checked ? Theme.paper : Theme.brand
            size: 48
        }

        Text {
            anchors {
                left: parent.left
                leftMargin: 80
                right: parent.right
                rightMargin: 8
                verticalCenter: parent.verticalCenter
            }
            text: item.text
            color: item.checked ? Theme.paper : Theme.ink
            font.pixelSize: item.text.length > 6 ? Theme.least : Theme.body
            font.bold: item.checked
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            lineHeight: 0.95
            textFormat: Text.PlainText
        }
    }
}

import QtQuick
import QtQuick.Templates as T
import ui.controls

// A line of a form: what is asked, and what stands there.
T.AbstractButton {
    id: line

    property var row: null
    property bool empty: row?.empty ?? true

    text: row?.label ?? ""
    checked: row?.picked ?? false
    implicitHeight: Math.max(100, Math.max(label.implicitHeight, value.implicitHeight) + 24)
    Accessible.role: Accessible.Button
    Accessible.name: text + " " + (row?.value ?? "")

    background: Rectangle {
        radius: Theme.radius
        color: line.checked || line.down ? Theme.sky : Theme.card
        border.width: line.checked ? 5 : 3
        border.color: line.checked ? Theme.brand : Theme.hairline
    }

    contentItem: Item {
        Caption {
            id: label

            x: 28
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width * 0.42 - 28
            text: line.text
            color: Theme.ink2
            lineHeight: 1.1
        }

        Caption {
            id: value

            anchors {
                left: label.right
                leftMargin: 16
                right: parent.right
                rightMargin: 28
                verticalCenter: parent.verticalCenter
            }
            text: line.row?.value ?? ""
            color: !line.empty ? Theme.ink : line.row?.wanting ? Theme.pay : Theme.ink2
            bold: !line.empty
            lineHeight: 1.1
            horizontalAlignment: Text.AlignRight
            maximumLineCount: 3
            elide: Text.ElideRight
        }
    }
}

import QtQuick
import QtQuick.Templates as T
import ui.controls

// An entry of a list: picture, a large line, a small one beneath, something at the right, or below where that is too
// long for the row. `marked`: it needs attention.
T.AbstractButton {
    id: row

    property string glyph: ""
    property string detail: ""
    property string side: ""
    property color tint: Theme.brand
    property color sideTint: Theme.ink2
    property bool marked: false
    property bool arrow: false
    readonly property bool below: extra.implicitWidth > 0.42 * (width - disc.width)

    implicitHeight: Math.max(136, words.implicitHeight + 36)
    Accessible.role: Accessible.Button
    Accessible.name: [text, detail, side].join(" ")

    background: Rectangle {
        radius: Theme.radius
        color: row.checked || row.down ? Theme.sky : Theme.card
        border.width: row.checked ? 5 : 3
        border.color: row.checked ? Theme.brand : row.marked ? Theme.error : Theme.hairline
    }

    contentItem: Item {
        Rectangle {
            id: disc

            x: 24
            anchors.verticalCenter: parent.verticalCenter
            width: 88
            height: 88
            radius: 44
            color: row.checked ? Theme.card : Theme.sky

            Icon {
                anchors.centerIn: parent
                name: row.glyph
                tint: row.tint
                size: 52
            }
        }

        Column {
            id: words

            anchors {
                left: disc.right
                leftMargin: 24
                right: row.below ? arrowIcon.left : extra.left
                rightMargin: 16
                verticalCenter: parent.verticalCenter
            }

            Caption {
                width: parent.width
                text: row.text
                font.pixelSize: 40
                lineHeight: 1.15
                bold: true
            }

            Caption {
                width: parent.width
                visible: row.detail !== ""
                text: row.detail
                color: row.marked ? Theme.error : Theme.ink2
                font.pixelSize: Theme.least
                lineHeight: 1.15
            }

            Caption {
                width: parent.width
                visible: row.below
                text: row.side
                color: row.sideTint
                bold: extra.bold
                lineHeight: 1.15
            }
        }

        Caption {
            id: extra

            anchors {
                right: arrowIcon.left
                rightMargin: arrowIcon.visible ? 8 : 12
                verticalCenter: parent.verticalCenter
            }
            visible: !row.below
            text: row.side
            color: row.sideTint
            bold: row.sideTint !== Theme.ink2
            horizontalAlignment: Text.AlignRight
            wrapMode: Text.NoWrap
        }

        Icon {
            id: arrowIcon

            anchors {
                right: parent.right
                rightMargin: 16
                verticalCenter: parent.verticalCenter
            }
            visible: row.arrow
            width: row.arrow ? 48 : 0
            name: "chevron-right"
            tint: Theme.ink2
        }
    }
}

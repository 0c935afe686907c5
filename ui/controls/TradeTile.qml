import QtQuick
import QtQuick.Templates as T

// A trade: picture, name, how many jobs; filled and ticked when chosen.
T.AbstractButton {
    id: tile

    property string glyph: ""
    property string badge: ""
    readonly property bool long: Lang.code !== "zh" // several words

    implicitHeight: 140
    Accessible.role: Accessible.CheckBox
    Accessible.name: badge === "" ? text : text + " " + badge
    Accessible.checkable: true
    Accessible.checked: checked

    background: Rectangle {
        radius: Theme.radiusLarge
        color: tile.checked ? Theme.brand : tile.down ? Theme.sky : Theme.card
        border.width: 3
        border.color: tile.checked ? Theme.brand : Theme.border
    }

    contentItem: Item {
        Column {
            anchors.centerIn: parent
            width: parent.width - 12
            spacing: tile.height < 160 ? 0 : 6

            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: tile.glyph
                tint: tile.checked ? Theme.paper : Theme.brand
                size: tile.height >= 160 ? 76 : tile.long ? 44 : 60
            }

            Text {
                width: parent.width
                text: tile.text
                color: tile.checked ? Theme.paper : Theme.ink
                font.pixelSize: tile.long ? Theme.least : Theme.body
                font.bold: !tile.long
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.WordWrap
                maximumLineCount: 2
                elide: Text.ElideRight
                lineHeight: 0.95
                textFormat: Text.PlainText
            }
        }

        Rectangle {
            anchors {
                right: parent.right
                top: parent.top
                margins: 10
            }
            visible: tile.badge !== "" && !tile.checked
            width: count.implicitWidth + 24
            height: 44
            radius: 22
            color: Theme.paySoft

            Text {
                id: count

                anchors.centerIn: parent
                textFormat: Text.PlainText
                text: tile.badge
                color: Theme.pay
                font.pixelSize: Theme.least
                font.bold: true
            }
        }

        Icon {
            anchors {
                right: parent.right
                top: parent.top
                margins: 12
            }
            visible: tile.checked
            name: "circle-check"
            tint: Theme.paper
            size: 48
        }
    }
}

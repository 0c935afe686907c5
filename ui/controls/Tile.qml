import QtQuick
import QtQuick.Templates as T

// A choice with a picture. Tall (picture above) or flat (picture at the left).
T.AbstractButton {
    id: tile

    property string glyph: ""
    property string detail: ""
    property bool flat: false
    property bool big: false
    property string badge: ""
    property int size: Theme.h2
    property real share: 0.44 // of the height, for the picture
    property int even: 0 // beside others: lines of detail the longest of them has, so that all pictures stand on one line
    readonly property int lines: more.visible ? more.lineCount : 0
    readonly property real kept: even > lines && lines > 0 ? (even - lines) * more.height / lines : 0
    readonly property int disc: flat ? 148 : Math.min(height * share, 184, even > 0 ? Math.max(40, height - 52 - words.height - kept) : 184)
    readonly property color ground: checked ? Theme.brand : down ? Theme.sky : Theme.card

    Accessible.role: Accessible.Button
    Accessible.name: detail === "" ? text : text + "。" + detail

    background: Rectangle {
        radius: Theme.radiusLarge
        color: tile.ground
        border.width: 3
        border.color: tile.checked ? Theme.brand : Theme.border
    }

    contentItem: Item {
        Grid {
            anchors.horizontalCenter: parent.horizontalCenter
            y: (tile.height - height - tile.kept) / 2
            columns: tile.flat ? 2 : 1
            columnSpacing: 28
            rowSpacing: 12
            horizontalItemAlignment: tile.flat ? Grid.AlignLeft : Grid.AlignHCenter
            verticalItemAlignment: Grid.AlignVCenter

            Rectangle {
                width: tile.disc
                height: tile.disc
                radius: width / 2
                color: Theme.sky

                Icon {
                    anchors.centerIn: parent
                    name: tile.glyph
                    size: Math.round(tile.disc * 0.58)
                }
            }

            Column {
                id: words

                width: tile.flat ? tile.width - tile.disc - 28 - 72 : tile.width - 40

                Text {
                    width: parent.width
                    text: tile.text
                    color: tile.checked ? Theme.paper : Theme.ink
                    font.pixelSize: tile.size
                    font.bold: true
                    horizontalAlignment: tile.flat ? Text.AlignLeft : Text.AlignHCenter
                    wrapMode: Text.Wrap
                    lineHeight: 1.15
                    textFormat: Text.PlainText
                }

                Text {
                    id: more

                    width: parent.width
                    visible: tile.detail !== ""
                    text: tile.detail
                    color: tile.checked ? Theme.paper : Theme.ink2
                    font.pixelSize: Theme.least
                    horizontalAlignment: tile.flat ? Text.AlignLeft : Text.AlignHCenter
                    wrapMode: Text.Wrap
                    lineHeight: 1.2
                    textFormat: Text.PlainText
                }
            }
        }
    }
}
